import { LANGUAGE_NAMES, LANGUAGES, type LanguageName } from '../../openapi/sdk/languages.ts'

const names = (process.env['CLIENTS'] ?? '').split(',')

/** The languages whose workers `npm run sdk` runs. */
export const CHOSEN: readonly LanguageName[] = LANGUAGE_NAMES.filter(
  (name) => LANGUAGES[name].hasWorker && names.includes(name)
)

/** The name of the block with the tests of a language. The table counts tests by it. */
export function blockOf(language: LanguageName): string {
  return `the worker in ${LANGUAGES[language].title}`
}
