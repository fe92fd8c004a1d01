import type { AppendEntry } from '../contract/entries.ts'
import { type EntryId, MAX_ID, MAX_SEQ, MIN_ID, parseId, parseU64 } from '../contract/entry-id.ts'
import { type IdKind, idFault } from './problems/id-faults.ts'
import { type Fault, invalidId, invalidRequest, MAX_FAULTS } from './problems/problem.ts'

/** Builds an engine's request, in which ids are parsed. Throws invalid-id with every invalid id. */
export function withIds<R>(build: (ids: IdReader) => R): R {
  const ids = new IdReader()
  const request = build(ids)
  ids.refuseMalformed()
  return request
}

/** Parses the ids of one request, and collects the invalid ones, so that they are reported together. */
export class IdReader {
  readonly #faults: Fault[] = []

  id(text: string, pointer: string, missingSeq = 0n, kind: IdKind = 'id'): EntryId {
    return parseId(text, missingSeq) ?? this.#malformed(text, pointer, kind)
  }

  ids(texts: readonly string[], pointer: string): EntryId[] {
    return texts.map((text, index) => parseId(text) ?? this.#malformed(text, `${pointer}/${index}`, 'id'))
  }

  /** An id, or `last`. */
  place(text: string, pointer: string): EntryId | 'last' {
    return text === 'last' ? text : this.id(text, pointer, 0n, 'place')
  }

  /** The id of a new entry, or for `<ms>-*` only its milliseconds. */
  newId(text: string, pointer: string): Pick<AppendEntry, 'id' | 'idMs'> {
    if (!text.endsWith('-*')) return { id: this.id(text, pointer, 0n, 'new') }
    return { idMs: parseU64(text.slice(0, -2)) ?? this.#malformed(text, pointer, 'new') }
  }

  /**
   * The first id of a range. As in Redis, an exclusive start excludes exactly one id, with a missing sequence
   * number filled in. `afterKind` is what `after` may be. The caller must handle "last" itself.
   */
  lower(from: string | undefined, after: string | undefined, afterKind: IdKind = 'id'): EntryId {
    if (after !== undefined) return this.id(after, '/query/after', 0n, afterKind) + 1n
    return from === undefined ? MIN_ID : this.id(from, '/query/from')
  }

  /** The id after the given one. */
  after(text: string | undefined, pointer: string): EntryId | undefined {
    return text === undefined ? undefined : this.id(text, pointer) + 1n
  }

  /** The last id of a range. An exclusive end excludes exactly one id. */
  upper(to: string | undefined, before: string | undefined): EntryId {
    if (before !== undefined) return this.id(before, '/query/before', MAX_SEQ) - 1n
    return to === undefined ? MAX_ID : this.id(to, '/query/to', MAX_SEQ)
  }

  refuseMalformed(): void {
    if (this.#faults.length > 0) throw invalidId(this.#faults)
  }

  /** Adds a fault. Returns a stand-in for the id until the request is refused. */
  #malformed(text: string, pointer: string, kind: IdKind): EntryId {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ pointer, detail: idFault(text, kind, pointer) })
    return MIN_ID
  }
}

/**
 * Throws invalid-request if both of two mutually exclusive members are present. `part` points to their
 * object.
 */
export function refuseBoth<M extends object>(
  members: M,
  part: string,
  one: keyof M & string,
  other: keyof M & string
): void {
  if (members[one] === undefined || members[other] === undefined) return
  throw invalidRequest([
    { pointer: `${part}/${one}`, detail: `Cannot be combined with "${other}"` },
    { pointer: `${part}/${other}`, detail: `Cannot be combined with "${one}"` }
  ])
}
