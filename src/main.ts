#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { ConfigError, type Environment, readConfig } from './config/config.ts'
import { escaped } from './config/escapes.ts'
import { helpText } from './config/help.ts'
import { EngineError } from './contract/errors.ts'
import { backUp } from './embedded/backup.ts'
import { checkDirectory, type Soundness } from './embedded/check.ts'
import { nowAndThen, type OnProgress } from './embedded/progress.ts'
import { newToken, tokenMistakes } from './http/access/new-token.ts'
import { EXIT_FAILED } from './serve/closing.ts'
import { PathError } from './serve/named-path.ts'
import { serve } from './serve/serve.ts'
import { TlsError } from './serve/tls-files.ts'

/** The arguments or the environment are invalid. */
const EXIT_USAGE = 2

process.exitCode = await main(process.argv.slice(2), process.env)

/** Runs the command that the arguments name, or serves if there are none. Resolves with the exit code. */
async function main(args: readonly string[], environment: Environment): Promise<number> {
  const { values, positionals } = parseArguments(args)
  const [command, first, second = '', ...others] = positionals
  const count = positionals.length
  if (values.help) return print(helpText())
  if (values.version) return print(`${version()}\n`)
  if (command === 'check' && first !== undefined && count === 2) return check(first)
  if (command === 'backup' && first !== undefined && count === 3) return backup(first, second)
  if (command === 'token' && first !== undefined && count > 2) return token(first, [second, ...others])
  if (args.length > 0)
    return fail(EXIT_USAGE, `unknown arguments: ${escaped(args.join(' '))}`, 'Try weir --help.')
  try {
    await serve(readConfig(environment))
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return fail(EXIT_USAGE, ...error.mistakes)
    return fail(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

/** Returns no values and no positionals if an option is unknown. */
function parseArguments(args: readonly string[]) {
  const options = { help: { type: 'boolean' }, version: { type: 'boolean' } } as const
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch {
    return { values: {}, positionals: [] } as ReturnType<typeof parseArgs<{ options: typeof options }>>
  }
}

/** Prints a new token, and below it its line for the tokens file. */
function token(name: string, allow: readonly string[]): number {
  const mistakes = tokenMistakes(name, allow)
  if (mistakes.length > 0) return fail(EXIT_USAGE, ...mistakes)
  const { token, line } = newToken(name, allow)
  process.stderr.write(
    'The token, which is not shown again, and its line for the list in WEIR_TOKENS_FILE:\n'
  )
  return print(`${token}\n${line}\n`)
}

/** Copies a data directory, checks the copy, and prints what it contains. */
async function backup(directory: string, to: string): Promise<number> {
  try {
    await backUp(directory, to)
    return print(describe(to, await checkDirectory(to, progress())))
  } catch (error) {
    return fail(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

/** Reports on standard error how far the check of a large directory is. */
function progress(): OnProgress {
  return nowAndThen((line) => process.stderr.write(`weir: checked ${line}\n`))
}

/** Checks a data directory, and prints what it contains. */
async function check(directory: string): Promise<number> {
  try {
    return print(describe(directory, await checkDirectory(directory, progress())))
  } catch (error) {
    return fail(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

function describe(directory: string, { checkpoint, blocks, recovery, ...found }: Soundness): string {
  const { records, bytes, cutBytes, cut } = recovery
  const answered = cut?.mayBeAnswered === true ? ', which may include acknowledged changes' : ''
  const torn =
    cut === undefined
      ? ''
      : `, and cut off ${cutBytes} bytes that a crash left incomplete${answered}, in ${cut.file} at byte ${cut.offset}`
  const from =
    checkpoint === null ? 'has no checkpoint' : `has a checkpoint at journal position ${checkpoint}`
  return [
    `${resolve(directory)} is sound.`,
    `It contains ${found.streams} streams with ${found.entries} entries, and ${found.groups} groups with ${found.pending} pending entries.`,
    `The store ${from} and ${blocks} blocks of entries.`,
    `A start would read ${records} records (${bytes} bytes) from the journal${torn}.`,
    ''
  ].join('\n')
}

/**
 * Whether the message of an error is enough without its stack: Weir's own refusals, and failed system calls.
 */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof EngineError ||
    error instanceof PathError ||
    error instanceof TlsError ||
    (error instanceof Error && 'syscall' in error)
  )
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function fail(exitCode: number, ...lines: string[]): number {
  process.stderr.write(lines.map((line) => `weir: ${line}\n`).join(''))
  return exitCode
}
