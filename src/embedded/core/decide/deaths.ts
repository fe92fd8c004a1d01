import type { Entry, FieldsJson } from '../../../contract/entries.ts'
import { type EntryId, MAX_ID, nextId } from '../../../contract/entry-id.ts'
import type { Change } from '../change.ts'
import { unlessDamaged } from '../damage.ts'
import type { Death } from '../dead-entries.ts'
import { letterFields } from '../dead-letter.ts'
import type { Group } from '../group.ts'
import type { PendingState } from '../pending/pending-list.ts'
import { Stream } from '../stream.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** Letters of one decision, after the first one. What exceeds it stays dead in its group. */
const LETTER_BYTES = 16 << 20

/** The deaths of one decision: all that it changes in groups, and the letters in their dead-letter streams. */
export class Deaths {
  readonly #streams: Streams
  readonly #now: number
  readonly #groups = new Map<Group, Buried>()
  readonly #letters = new Map<string, Letters>()
  #letterBytes = 0
  #count = 0

  constructor(streams: Streams, now: number) {
    this.#streams = streams
    this.#now = now
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of the letters so far. */
  get letterBytes(): number {
    return this.#letterBytes
  }

  /** What a decision with these deaths says of them. */
  get members(): Pick<Decision<unknown>, 'died' | 'grows'> {
    return { died: this.#count, ...(this.#letters.size > 0 && { grows: true }) }
  }

  /** The entry dies, with the reason of the worker or one of `DEATH_REASONS`. An orphan only stops being pending. */
  add(group: Group, { id, owner, deliveries, isOrphan }: PendingState, reason: string | null): void {
    const buried = this.#groups.get(group) ?? { removed: [], deaths: [] }
    this.#groups.set(group, buried)
    if (isOrphan) {
      buried.removed.push(id)
      return
    }
    this.#count++
    const death = { id, deliveries, consumer: owner?.name ?? null, reason, deadAt: this.#now }
    const fields = unlessDamaged(() => group.stream.get(id)?.fields ?? null)
    if (fields !== null && this.#post(group, death, fields)) buried.removed.push(id)
    else buried.deaths.push(death)
  }

  /** Everything that changes. The letters are appended in the same record. */
  changes(): Change[] {
    const changes: Change[] = []
    for (const [{ name: group, stream }, { removed, deaths }] of this.#groups) {
      const ref = { stream: stream.name, group }
      if (removed.length > 0) changes.push({ kind: 'acked', ...ref, ids: removed })
      if (deaths.length > 0) changes.push({ kind: 'died', ...ref, deaths })
    }
    for (const letters of this.#letters.values()) changes.push(...letters.changes())
    return changes
  }

  /** Returns false if the entry has no letter, because the group has no dead-letter stream or for lack of room. */
  #post(group: Group, death: Death, fields: FieldsJson): boolean {
    const { deadLetterStream, deadLetterMaxLength } = group.policy ?? {}
    if (deadLetterStream === undefined) return false
    const letter = letterFields({ stream: group.stream.name, group: group.name }, death, fields)
    const isFirst = this.#letterBytes === 0
    if (!isFirst && this.#letterBytes + letter.length > LETTER_BYTES) return false
    const letters = this.#letters.get(deadLetterStream) ?? new Letters(this.#streams, deadLetterStream)
    if (!letters.add(letter, this.#now, deadLetterMaxLength)) return false
    this.#letters.set(deadLetterStream, letters)
    this.#letterBytes += letter.length
    return true
  }
}

/** What leaves the pending list of a group. */
interface Buried {
  /** Moved to the dead-letter stream, or orphans. */
  readonly removed: EntryId[]
  readonly deaths: Death[]
}

/** New entries of one dead-letter stream. */
class Letters {
  readonly #stream: Stream
  readonly #isNew: boolean
  readonly #entries: Entry[] = []
  #maxLength: number | undefined

  constructor(streams: Streams, name: string) {
    const existing = streams.get(name)
    this.#stream = existing ?? new Stream(name)
    this.#isNew = existing === undefined
  }

  /** Returns false if the stream has no id left. */
  add(fields: FieldsJson, now: number, maxLength: number | undefined): boolean {
    const last = this.#entries.at(-1)?.id ?? this.#stream.lastId
    if (last === MAX_ID) return false
    this.#entries.push({ id: nextId(last, now), fields })
    // Of several groups with different limits, the lowest counts.
    if (maxLength !== undefined) this.#maxLength = Math.min(this.#maxLength ?? maxLength, maxLength)
    return true
  }

  changes(): Change[] {
    const { name } = this.#stream
    const changes: Change[] = this.#isNew ? [{ kind: 'streamCreated', stream: name }] : []
    changes.push({ kind: 'appended', stream: name, entries: this.#entries })
    if (this.#maxLength === undefined) return changes
    const trim = { maxLength: this.#maxLength, approximate: false }
    const trimmed = this.#stream.planTrim(trim, this.#entries)
    if (trimmed !== null) changes.push({ kind: 'trimmed', stream: name, ...trimmed })
    return changes
  }
}
