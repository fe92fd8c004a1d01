import type { LanguageName } from './languages.ts'
import { MADE_UP, WELL_KNOWN } from './poor-names.ts'
import type { Source } from './sources.ts'
import { SPELLINGS } from './spellings.ts'

/** The part of the OpenAPI document that has names. */
export interface Named {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** Returns what is wrong with the names of the generated types of a language. */
export function faultsOfNames(_language: LanguageName, types: readonly string[]): string[] {
  return types
    .filter((name) => MADE_UP.some((pattern) => pattern.test(name)))
    .map((name) => `the type ${name} has a name that no human would choose`)
}

/**
 * Returns what the sources of a client lack: each operation is a method of the class of its tag, each schema is a type,
 * and each of its members has its own name, all spelled as the language does. No file is empty.
 */
export function faultsOfSources(
  language: LanguageName,
  sources: readonly Source[],
  document: Named
): string[] {
  const spelling = SPELLINGS[language]
  if (spelling === undefined) return []
  const textOf = (type: string) => sources.find(({ types }) => types.includes(type))?.text
  const faults = sources.filter(({ text }) => text.trim() === '').map(({ path }) => `${path} is empty`)
  for (const { tag, operationId } of operationsOf(document)) {
    const api = `${pascal(tag)}Api`
    const method = spelling.operation(operationId)
    if (!declares(textOf(api), spelling.method(method))) faults.push(`${api} has no method ${method}`)
  }
  for (const [schema, members] of schemasOf(document)) {
    if (WELL_KNOWN.has(schema)) faults.push(`the type ${schema} has the name of a well-known type`)
    const type = spelling.types[schema] ?? schema
    const text = textOf(type)
    if (text === undefined) faults.push(`there is no type ${type}`)
    else
      for (const name of members) {
        const member = spelling.members[name] ?? spelling.member(name)
        if (!declares(text, spelling.declaration(member))) faults.push(`${type} has no member ${member}`)
      }
  }
  return faults
}

function declares(text: string | undefined, declaration: RegExp): boolean {
  return text !== undefined && declaration.test(text)
}

function operationsOf({ paths }: Named): { tag: string; operationId: string }[] {
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  return (operations as { tags: string[]; operationId: string }[]).map(({ tags, operationId }) => ({
    tag: tags[0] ?? '',
    operationId
  }))
}

/** The schemas for which generators write a type, with their members. The others are texts, and maps. */
function schemasOf({ components }: Named): [string, string[]][] {
  return Object.entries(components.schemas)
    .filter(([, schema]) => 'properties' in schema || 'enum' in schema)
    .map(([name, schema]) => [name, 'properties' in schema ? Object.keys(schema.properties as object) : []])
}

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
