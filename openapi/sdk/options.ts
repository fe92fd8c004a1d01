import { LANGUAGE_NAMES, type LanguageName } from './languages.ts'

export const HELP = `Usage: npm run sdk -- [--only LANGUAGES] [--generate-only | --no-run | --run-only] [VITEST…]

Generates a client in each language from openapi/openapi.json with the commands of docs/clients.md, compiles the workers
in openapi/examples/, and runs them against a Weir. Prints a table. Fails if anything fails.

  --only LANGUAGES   only these languages, separated by commas:
                     ${LANGUAGE_NAMES.join(', ')}
  --generate-only    only generates and counts
  --no-run           generates and compiles
  --run-only         only runs the suite test/clients, with the workers of an earlier run
  VITEST             further arguments go to vitest, such as --reporter=json

A missing toolchain is named, and its languages fail. With CI=1 nothing runs then.
`

export interface Options {
  readonly names: readonly LanguageName[]
  readonly makes: boolean
  readonly builds: boolean
  readonly runs: boolean
  readonly vitest: readonly string[]
}

/** Reads the arguments. Throws on an unknown language. */
export function readOptions(args: readonly string[]): Options | 'help' {
  let names = LANGUAGE_NAMES
  let mode = ''
  const vitest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--help') return 'help'
    if (arg === '--only') names = languagesIn(args[++i] ?? '')
    else if (['--generate-only', '--no-run', '--run-only'].includes(arg)) mode = arg
    else vitest.push(arg)
  }
  return {
    names,
    makes: mode !== '--run-only',
    builds: mode === '' || mode === '--no-run',
    runs: mode === '' || mode === '--run-only',
    vitest
  }
}

function languagesIn(list: string): LanguageName[] {
  const chosen = list.split(',')
  const unknown = chosen.filter((name) => !LANGUAGE_NAMES.some((known) => known === name))
  if (unknown.length > 0) throw new Error(`Unknown language: ${unknown.join(', ')}. Try --help.`)
  return LANGUAGE_NAMES.filter((name) => chosen.includes(name))
}
