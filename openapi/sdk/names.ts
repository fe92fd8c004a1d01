import type { LanguageName } from './languages.ts'

/** Names that a generator makes up where the document has none, and names that it numbers to tell two apart. */
const MADE_UP = [
  /^Inline/,
  /Inner$/,
  /\d$/,
  /(AnyOf|OneOf|AllOf)$/,
  /Type\d/,
  /^ModelGroup/,
  /Application\w*json/i
]

/** Returns what is wrong with the names of the generated types of a language. */
export function faultsOfNames(_language: LanguageName, types: readonly string[]): string[] {
  return types
    .filter((name) => MADE_UP.some((pattern) => pattern.test(name)))
    .map((name) => `the type ${name} has a name that no human would choose`)
}
