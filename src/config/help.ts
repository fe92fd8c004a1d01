import { VARIABLES } from './variables.ts'

/** Of the column of names, the longest of which has one letter less. */
const NAME_WIDTH = 27

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.values(VARIABLES).map(
    ({ name, meaning, expected, ...setting }) =>
      `  ${name.padEnd(NAME_WIDTH)} ${setting.default.padEnd(10)} ${meaning.replaceAll('`', '')}\n${' '.repeat(NAME_WIDTH + 14)}Must be ${expected}.`
  )
  return [
    'Usage: weir             serve durable streams and consumer groups over HTTP, until SIGTERM or SIGINT',
    '       weir check DIR   read a data directory without changing it, and say whether it is sound',
    '       weir backup DIR TO',
    '                        copy a data directory, also while a Weir has it open; the copy is one, too',
    '       weir token NAME SCOPE…',
    '                        make a token, and the line of WEIR_TOKENS_FILE that says what it allows',
    '       weir --help | --version',
    '',
    'The environment says how to serve (variable, default, meaning):',
    '',
    ...rows,
    ''
  ].join('\n')
}
