#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { ConfigError, type Environment, helpText, readConfig, shown } from './config.ts'
import { EngineError } from './contract/errors.ts'
import { backUp } from './embedded/backup.ts'
import { checkDirectory, type Soundness } from './embedded/check.ts'
import { nowAndThen, type OnProgress } from './embedded/progress.ts'
import { newToken, tokenMistakes } from './http/access/new-token.ts'
import { EXIT_FAILED } from './serve/closing.ts'
import { PathError } from './serve/named-path.ts'
import { serve } from './serve/serve.ts'
import { TlsError } from './serve/tls-files.ts'

/** What was asked for, by arguments or environment, is not clear. */
const EXIT_USAGE = 2

process.exitCode = await main(process.argv.slice(2), process.env)

/** Does what the arguments ask for; without any, starts to serve. Gives the exit code. */
async function main(args: readonly string[], environment: Environment): Promise<number> {
  const { values, positionals } = parsed(args)
  const [command, first, second = '', ...others] = positionals
  const count = positionals.length
  if (values.help) return say(helpText())
  if (values.version) return say(`${version()}\n`)
  if (command === 'check' && first !== undefined && count === 2) return check(first)
  if (command === 'backup' && first !== undefined && count === 3) return backup(first, second)
  if (command === 'token' && first !== undefined && count > 2) return token(first, [second, ...others])
  if (args.length > 0)
    return complain(EXIT_USAGE, `unknown arguments: ${shown(args.join(' '))}`, 'Try weir --help.')
  try {
    await serve(readConfig(environment))
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return complain(EXIT_USAGE, ...error.mistakes)
    return complain(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

/** Without values and positionals where something is unknown. */
function parsed(args: readonly string[]) {
  const options = { help: { type: 'boolean' }, version: { type: 'boolean' } } as const
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch {
    return { values: {}, positionals: [] } as ReturnType<typeof parseArgs<{ options: typeof options }>>
  }
}

/** Prints a new token, and below it what of it belongs into the file. */
function token(name: string, allow: readonly string[]): number {
  const mistakes = tokenMistakes(name, allow)
  if (mistakes.length > 0) return complain(EXIT_USAGE, ...mistakes)
  const { token, line } = newToken(name, allow)
  process.stderr.write(
    'The token, which is not shown again, and its line for the list in WEIR_TOKENS_FILE:\n'
  )
  return say(`${token}\n${line}\n`)
}

/** Copies a data directory, reads all of the copy, and prints what that holds. */
async function backup(directory: string, to: string): Promise<number> {
  try {
    await backUp(directory, to)
    return say(describe(to, await checkDirectory(to, progress())))
  } catch (error) {
    return complain(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

/** On standard error, while a directory is read that holds much. */
function progress(): OnProgress {
  return nowAndThen((line) => process.stderr.write(`weir: checked ${line}\n`))
}

/** Prints what a data directory holds. */
async function check(directory: string): Promise<number> {
  try {
    return say(describe(directory, await checkDirectory(directory, progress())))
  } catch (error) {
    return complain(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
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

/** Errors that say all there is to say: refusals of ours and of the operating system. */
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

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(exitCode: number, ...lines: string[]): number {
  process.stderr.write(lines.map((line) => `weir: ${line}\n`).join(''))
  return exitCode
}
