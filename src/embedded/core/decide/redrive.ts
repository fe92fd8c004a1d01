import { compareIds, type EntryId, formatId, MAX_ID, MIN_ID, parseId } from '../../../contract/entry-id.ts'
import type { GroupRef } from '../../../contract/refs.ts'
import type { Change } from '../change.ts'
import { originalOf } from '../dead-letter.ts'
import type { Group } from '../group.ts'
import type { Stream } from '../stream.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** Dead entries or letters that one step looks at. */
const EXAMINED_AT_ONCE = 500

/** What one step of a redrive has done. */
export interface RedriveStep {
  readonly redriven: readonly EntryId[]
  /** Dead entries whose original no longer exists. */
  readonly missing: readonly EntryId[]
  /** Where the next step begins; null if there is nothing left. */
  readonly next: EntryId | null
}

export interface RedriveStepRequest extends GroupRef {
  /** Where the step begins, among the dead entries or the letters. */
  readonly from: EntryId
  readonly limit: number
  /** Texts of the ids to look for; null for all. */
  readonly wanted: ReadonlySet<string> | null
}

/** Redrives entries that are dead in the group. */
export function redriveDead(
  streams: Streams,
  request: RedriveStepRequest,
  now: number
): Decision<RedriveStep> {
  const group = streams.group(request)
  const { from, limit, wanted } = request
  const redriven: EntryId[] = []
  const missing: EntryId[] = []
  let examined = 0
  let next: EntryId | null = null
  for (const id of wanted === null ? deadFrom(group, from) : wantedFrom(group, wanted, from)) {
    if (redriven.length === limit || examined++ === EXAMINED_AT_ONCE) {
      next = id
      break
    }
    if (group.stream.has(id)) redriven.push(id)
    else missing.push(id)
  }
  return { changes: due(group, redriven, now), answer: { redriven, missing, next } }
}

/** Takes letters of the group back from its dead-letter stream. */
export function redriveLetters(
  streams: Streams,
  request: RedriveStepRequest & { readonly deadLetterStream: string },
  now: number
): Decision<RedriveStep> {
  const group = streams.group(request)
  const { from, limit, wanted, deadLetterStream } = request
  const letters = streams.get(deadLetterStream)
  if (letters === undefined || group.policy?.deadLetterStream !== deadLetterStream) return NOTHING_LEFT
  const redriven: EntryId[] = []
  const missing: EntryId[] = []
  const taken: EntryId[] = []
  const found = letters.range(from, MAX_ID, EXAMINED_AT_ONCE)
  let next: EntryId | null = found.length === 0 ? null : (found.at(-1)?.id ?? MAX_ID) + 1n
  for (const { id: letterId, fields } of found) {
    if (redriven.length === limit) {
      next = letterId
      break
    }
    const id = idIn(group, originalOf(fields))
    if (id === null || wanted?.has(formatId(id)) === false || isElsewhere(group, id, redriven)) continue
    if (group.stream.has(id)) {
      redriven.push(id)
      taken.push(letterId)
    } else {
      missing.push(id)
    }
  }
  const changes = [...removal(letters, taken), ...due(group, redriven, now)]
  return { changes, answer: { redriven, missing, next } }
}

const NOTHING_LEFT: Decision<RedriveStep> = {
  changes: [],
  answer: { redriven: [], missing: [], next: null }
}

function* deadFrom(group: Group, from: EntryId): Generator<EntryId, undefined> {
  for (const { id } of group.dead.from(from)) yield id
}

function wantedFrom(group: Group, wanted: ReadonlySet<string>, from: EntryId): EntryId[] {
  const ids = [...wanted].map((text) => parseId(text) ?? MIN_ID)
  return ids.filter((id) => id >= from && group.dead.has(id)).sort(compareIds)
}

/** The id of a letter's original; null if it was an entry of another group. */
function idIn(group: Group, original: ReturnType<typeof originalOf>): EntryId | null {
  if (original?.stream !== group.stream.name || original.group !== group.name) return null
  return parseId(original.id)
}

/** Whether an entry is already pending or dead in the group, so that its letter stays. */
function isElsewhere(group: Group, id: EntryId, redriven: readonly EntryId[]): boolean {
  return group.pending.get(id) !== undefined || group.dead.has(id) || redriven.includes(id)
}

/** Makes entries due, as if they had never been delivered. */
function due(group: Group, ids: readonly EntryId[], now: number): Change[] {
  if (ids.length === 0) return []
  const nacks = ids.map((id) => ({ id, dueAt: now, deliveries: 0 }))
  return [{ kind: 'nacked', stream: group.stream.name, group: group.name, nacks }]
}

function removal(stream: Stream, ids: readonly EntryId[]): Change[] {
  if (ids.length === 0) return []
  const bytes = ids.map((id) => stream.loadForDelete(id) ?? 0)
  return [{ kind: 'entriesDeleted', stream: stream.name, ids, bytes }]
}
