import { VARIABLES } from './variables.ts'

/** Width of the column of names: one more than the longest name. */
const NAME_WIDTH = 27

/** The text that `--help` prints. */
export function helpText(): string {
  const rows = Object.values(VARIABLES).map(
    ({ name, meaning, expected, ...setting }) =>
      `  ${name.padEnd(NAME_WIDTH)} ${setting.default.padEnd(10)} ${meaning.replaceAll('`', '')}\n${' '.repeat(NAME_WIDTH + 14)}Must be ${expected}.`
  )
  return [
    'Usage: weir             serve durable streams and consumer groups over HTTP, until SIGTERM or SIGINT',
    '       weir check DIR   check a data directory without changing it, and print what it contains',
    '       weir backup DIR TO',
    '                        copy a data directory to TO, even while Weir has it open',
    '       weir token NAME SCOPE…',
    '                        create a token, and print it with its line for WEIR_TOKENS_FILE',
    '       weir --help | --version',
    '',
    'Environment variables configure the server (variable, default, meaning):',
    '',
    ...rows,
    ''
  ].join('\n')
}
