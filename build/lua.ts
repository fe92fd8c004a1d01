import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'luaparse'
import { DEATH_REASONS, LETTER_FIELDS } from '../src/contract/delivery-policy.ts'
import { NOBODY, RETURNED } from '../src/redis/scripts/script.ts'
import { ENTRY_BYTES } from '../src/semantics/answer-size.ts'
import { runGenerator } from './generated-files.ts'

const HELP = `Writes src/redis/scripts/generated.ts from the Lua scripts beside it, and checks each of them.

  tsx build/lua.ts            writes it
  tsx build/lua.ts --check    writes nothing; fails if it is stale

A script starts with comments that describe it. These lines of them are its header:

  -- allowed: reading | growing | settling    what Redis allows it to do; a library has no such line
  -- uses: ids, page                          libraries in src/redis/scripts/lib/
  -- constants: RETURNED                      values from TypeScript
  -- arguments: group, count: number, is_quiet: flag, consumer?, ids...
  -- answers with fields                      the answer contains bytes that may not be valid UTF-8

Each argument becomes a local variable of that name: a string, a number or a boolean. With "?" it may be omitted, and is
then nil. The last one may be a list: NAME_at is then its first index in ARGV. "key" is the only key. The check fails on
code that does not parse, on undeclared names, and on unused libraries, constants and arguments.
`

const DIRECTORY = new URL('../src/redis/scripts/', import.meta.url)
const GENERATED = new URL('generated.ts', DIRECTORY)

const CONSTANTS: Readonly<Record<string, string | number>> = {
  ENTRY_BYTES,
  RETURNED,
  NOBODY,
  LETTER_STREAM: LETTER_FIELDS.stream,
  LETTER_GROUP: LETTER_FIELDS.group,
  LETTER_ID: LETTER_FIELDS.id,
  LETTER_DELIVERIES: LETTER_FIELDS.deliveries,
  LETTER_CONSUMER: LETTER_FIELDS.consumer,
  LETTER_REASON: LETTER_FIELDS.reason,
  LETTER_DEAD_AT: LETTER_FIELDS.deadAt,
  DIED_OF_TIMEOUT: DEATH_REASONS.timeout,
  DIED_OF_CLAIM: DEATH_REASONS.claimed,
  DIED_OF_REREAD: DEATH_REASONS.reread,
  DIED_OF_LIMIT: DEATH_REASONS.limit
}

/**
 * "reading" writes nothing. "growing" is refused before it starts if the memory of Redis is full. "settling"
 * is not refused then.
 */
const SHEBANGS: Readonly<Record<string, string>> = {
  reading: '#!lua flags=no-writes,allow-oom',
  growing: '#!lua',
  settling: '#!lua flags=allow-oom'
}

/** The globals of Redis that scripts use. */
const REDIS_GLOBALS = new Set([
  ...['redis', 'cjson', 'KEYS', 'ARGV', 'ipairs', 'math', 'string', 'table', 'tonumber', 'unpack']
])

interface Argument {
  readonly name: string
  readonly kind: 'text' | 'number' | 'flag' | 'list'
  readonly isOptional: boolean
}

/** A Lua file and its header. */
interface Source {
  readonly name: string
  readonly allowed: string | undefined
  readonly uses: readonly string[]
  readonly constants: readonly string[]
  readonly arguments: readonly Argument[]
  readonly hasFields: boolean
  readonly code: string
}

process.exitCode = await runGenerator(
  { help: HELP, command: 'npm run lua', generate: () => [[GENERATED, generated()]] },
  process.argv.slice(2)
)

function generated(): string {
  const libraries = new Map(sourcesIn('lib/').map((library) => [library.name, library]))
  const scripts = sourcesIn('')
  for (const source of [...libraries.values(), ...scripts]) check(source, libraries)
  const names = scripts.map(({ name }) => `  ${constantName(name)}`)
  return [
    '// Written by "npm run lua" from the Lua scripts beside it. Do not edit.',
    "import { type Script, script } from './script.ts'",
    ...[...libraries.values()].map(
      ({ name, code }) => `const ${constantName(name)}_LIBRARY = ${template(code)}`
    ),
    ...scripts.map((source) => definition(source, libraries)),
    '/** The scripts that a new connection loads, so that requests only need to send their hashes. */',
    `export const ALL_SCRIPTS: readonly Script<never>[] = [\n${names.join(',\n')}\n]`,
    ''
  ].join('\n\n')
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(new URL(folder, DIRECTORY))
    .filter((file) => file.endsWith('.lua'))
    .sort()
    .map((file) => read(basename(file, '.lua'), readFileSync(new URL(folder + file, DIRECTORY), 'utf8')))
}

function read(name: string, text: string): Source {
  const [head = '', ...rest] = text.split('\n\n')
  const member = (key: string) => new RegExp(`^-- ${key}: (.*)$`, 'm').exec(head)?.[1]
  const list = (key: string) => member(key)?.split(', ') ?? []
  return {
    name,
    allowed: member('allowed'),
    uses: list('uses'),
    constants: list('constants'),
    arguments: list('arguments').map(argument),
    hasFields: /^-- answers with fields$/m.test(head),
    code: rest.join('\n\n').trimEnd()
  }
}

function argument(text: string): Argument {
  const [, name = '', optional, list, kind] = /^(\w+)(\?)?(\.\.\.)?(?:: (number|flag))?$/.exec(text) ?? []
  if (name === '') throw new Error(`"${text}" is not a valid argument`)
  return {
    name,
    kind: list === undefined ? ((kind ?? 'text') as Argument['kind']) : 'list',
    isOptional: optional !== undefined
  }
}

/** Throws unless the code uses exactly the names that the header declares. */
function check(source: Source, libraries: ReadonlyMap<string, Source>): void {
  const free = freeNames(source)
  const fail = (fault: string): never => {
    throw new Error(`${source.name}.lua ${fault}`)
  }
  const declared = new Set<string>(['key', ...REDIS_GLOBALS])
  const declare = (name: string, what: string) => {
    if (!free.has(name)) fail(`does not use ${what}`)
    declared.add(name)
  }
  for (const constant of source.constants) {
    if (CONSTANTS[constant] === undefined) fail(`declares the constant ${constant}, which does not exist`)
    declare(constant, `the constant ${constant}`)
  }
  for (const { name, kind } of source.arguments) {
    declare(kind === 'list' ? `${name}_at` : name, `the argument ${name}`)
  }
  for (const use of source.uses) {
    const library = libraries.get(use) ?? fail(`uses the library ${use}, which does not exist`)
    const names = topLevelNames(library)
    if (!names.some((name) => free.has(name))) fail(`does not use the library ${use}`)
    for (const name of names) declared.add(name)
  }
  for (const name of free) if (!declared.has(name)) fail(`uses ${name}, which is not declared`)
  if (source.allowed !== undefined && SHEBANGS[source.allowed] === undefined) {
    fail(`allows "${source.allowed}", which does not exist`)
  }
}

function freeNames({ name, code }: Source): Set<string> {
  try {
    const { globals } = parse(code, { luaVersion: '5.1', scope: true }) as unknown as {
      globals: { name: string }[]
    }
    return new Set(globals.map((global) => global.name))
  } catch (error) {
    throw new Error(`${name}.lua does not parse: ${error instanceof Error ? error.message : error}`)
  }
}

function topLevelNames({ code }: Source): string[] {
  return [...code.matchAll(/^local (?:function (\w+)|([\w, ]+) =)/gm)].flatMap(([, called, names]) =>
    called === undefined ? (names ?? '').split(', ') : [called]
  )
}

/** The constant of a script, and the type of its arguments. */
function definition(source: Source, libraries: ReadonlyMap<string, Source>): string {
  const { name, arguments: parameters, allowed = '', hasFields } = source
  const type = `${pascalCase(name)}Arguments`
  const members = parameters.map(({ name: argument, kind, isOptional }) => {
    const types = { text: 'string', number: 'number', flag: 'boolean', list: 'readonly string[]' }
    return `  readonly ${camelCase(argument)}${isOptional ? '?' : ''}: ${types[kind]}${isOptional ? ' | undefined' : ''}\n`
  })
  const shape = members.length === 0 ? `type ${type} = object` : `interface ${type} {\n${members.join('')}}`
  const order = parameters.map(({ name: argument }) => `'${camelCase(argument)}'`).join(', ')
  const options = `{ isReading: ${allowed === 'reading'}, hasFields: ${hasFields}, order: [${order}] }`
  const texts = textsOf(source, libraries).join(',\n  ')
  return `export ${shape}\n\nexport const ${constantName(name)} = script<${type}>(\n  ${options},\n  ${texts}\n)`
}

/** A template literal of a text. */
function template(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``
}

/** The parts of a script as sent to Redis: constants, libraries, and its arguments and code. */
function textsOf(source: Source, libraries: ReadonlyMap<string, Source>): string[] {
  const used = inOrder(source, libraries)
  const constants = new Set([...used, source].flatMap((each) => each.constants))
  const head = [
    SHEBANGS[source.allowed ?? ''] ?? '',
    ...[...constants].map((name) => `local ${name} = ${literal(CONSTANTS[name] ?? '')}`)
  ]
  const body = [
    'local key = KEYS[1]',
    ...source.arguments.map((argument, index) => `local ${assignment(argument, index + 1)}`),
    source.code
  ]
  const names = used.map(({ name }) => `${constantName(name)}_LIBRARY`)
  return [template(head.join('\n')), ...names, template(body.join('\n'))]
}

/** The libraries that a script uses, directly or not, each after those that it uses itself. */
function inOrder(source: Source, libraries: ReadonlyMap<string, Source>, found: Source[] = []): Source[] {
  for (const use of source.uses) {
    const library = libraries.get(use)
    if (library === undefined || found.includes(library)) continue
    inOrder(library, libraries, found)
    found.push(library)
  }
  return found
}

function assignment({ name, kind, isOptional }: Argument, at: number): string {
  if (kind === 'list') return `${name}_at = ${at}`
  if (kind === 'flag') return `${name} = ARGV[${at}] == '1'`
  // An omitted argument is an empty string, which tonumber converts to nil.
  if (kind === 'number') return `${name} = tonumber(ARGV[${at}])`
  return isOptional ? `${name} = ARGV[${at}] ~= '' and ARGV[${at}] or nil` : `${name} = ARGV[${at}]`
}

function literal(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const escaped = value.replace(/[^ -~]|['\\]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)
  return `'${escaped}'`
}

function constantName(name: string): string {
  return name.replaceAll('-', '_').toUpperCase()
}

function camelCase(name: string): string {
  return name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase())
}

function pascalCase(name: string): string {
  return camelCase(`-${name}`)
}
