import { shown } from './shown.ts'

/** What is allowed as an id: `id` is only an id, `place` is also "last", and `new` is also "<ms>-*". */
export type IdKind = 'id' | 'place' | 'new'

/** Why a text is not a valid id, what is allowed instead, and what replaces a special id of Redis. */
export function idFault(text: string, kind: IdKind, pointer: string): string {
  const hint = hintFor(text, HINTS[locationOf(kind, pointer)])
  return `${shown(text, MAX_SHOWN)} is not a valid id.${hint === undefined ? '' : ` ${hint}.`} Allowed: ${ALLOWED[kind]}`
}

const MAX_SHOWN = 50

const HALVES = 'unsigned 64-bit integers in decimal without leading zeros'
const ALLOWED: Readonly<Record<IdKind, string>> = {
  id: `"<ms>-<seq>" or "<ms>", ${HALVES}`,
  place: `"last", "<ms>-<seq>" or "<ms>", ${HALVES}`,
  new: `"<ms>-<seq>", "<ms>-*" or "<ms>", ${HALVES}`
}

/** The locations of ids, as far as special ids of Redis get different hints there. */
type Location =
  | 'append'
  | 'autoClaimEntries'
  | 'exact'
  | 'group'
  | 'lower'
  | 'ownPending'
  | 'place'
  | 'placeInQuery'
  | 'upper'

function locationOf(kind: IdKind, pointer: string): Location {
  if (kind === 'new') return 'append'
  if (pointer === '/query/to' || pointer === '/query/before') return 'upper'
  if (pointer === '/query/from' || pointer === '/query/after') {
    return kind === 'place' ? 'placeInQuery' : 'lower'
  }
  if (kind === 'place') return pointer === '/after' ? 'group' : 'place'
  if (pointer.endsWith('/after')) return 'ownPending'
  return pointer === '/from' ? 'autoClaimEntries' : 'exact'
}

const LAST = 'Use "last" instead of Redis\' "$"'
const LAST_ENTRY = 'To read the last entry, use listEntries with "order=desc" and "limit=1"'
const ONLY_IN_GROUPS = 'Redis\' ">" is for reading in a group: use readGroup without "after"'
const FIRST = 'Use "0-0" instead of Redis\' "-"'
const LEAVE_OUT_LOWER = 'To start at the beginning of the stream, leave out the parameter'
const LEAVE_OUT_UPPER = 'To read to the end of the stream, leave out the parameter'
const USE_AFTER = 'To start after an id, use "after"'

const HINTS: Readonly<Record<Location, Readonly<Record<string, string>>>> = {
  append: { '*': 'To get the next id, leave out "id"' },
  autoClaimEntries: {
    '-': 'To start at the beginning, leave out "from"',
    '(': 'To continue, send the "next" of the previous response'
  },
  exact: {},
  group: { $: LAST, '-': FIRST },
  lower: { '': LEAVE_OUT_LOWER, '-': LEAVE_OUT_LOWER, '(': USE_AFTER },
  ownPending: { '>': 'To read new entries, leave out "after"', '-': FIRST },
  place: { $: LAST, '-': FIRST, '+': LAST_ENTRY, '>': ONLY_IN_GROUPS },
  placeInQuery: {
    '': LEAVE_OUT_LOWER,
    $: LAST,
    '-': LEAVE_OUT_LOWER,
    '(': USE_AFTER,
    '+': LAST_ENTRY,
    '>': ONLY_IN_GROUPS
  },
  upper: { '': LEAVE_OUT_UPPER, '+': LEAVE_OUT_UPPER, '(': 'To end before an id, use "before"' }
}

function hintFor(text: string, hints: Readonly<Record<string, string>>): string | undefined {
  if (text.startsWith('(')) return hints['(']
  const hint = Object.hasOwn(hints, text) ? hints[text] : undefined
  return hint ?? (SPECIAL_IDS.has(text) ? `Redis' "${text}" has no meaning here` : undefined)
}

/** The special ids of Redis commands. */
const SPECIAL_IDS = new Set(['*', '$', '>', '-', '+'])
