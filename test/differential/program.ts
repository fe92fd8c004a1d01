import { entryId, formatId, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import { id } from '../conformance/fixtures.ts'
import type { Operation, Step } from './operation.ts'

/**
 * A program. Ids in its steps can refer to entries whose ids depend on the clock:
 *
 *     "5-1"     this id
 *     "#3"      the id of the fourth appended entry of the stream. If there are fewer, the count starts over
 *     "+2"      two after the last id of the stream. "-2" is two before it
 */
export type Program = readonly Step[]

const RELATIVE = /^[#+-]\d+$/

/** The ids that a program has appended so far. */
export class KnownIds {
  readonly #appended = new Map<string, string[]>()
  readonly #last = new Map<string, string>()

  /** Remembers the ids of an operation that was not refused, and of its answer. */
  take(operation: Operation, answer: unknown): void {
    if (operation.kind === 'appendEntries') {
      const ids = answer as string[]
      this.#appended.set(operation.stream, [...this.#appendedTo(operation.stream), ...ids])
      this.#last.set(operation.stream, ids.at(-1) ?? '0-0')
    } else if (operation.kind === 'setStreamId') this.#last.set(operation.stream, operation.lastId)
    else if (operation.kind === 'deleteStream') this.#last.delete(operation.stream)
  }

  /** The operation with its ids resolved. Times in a program are relative to its start. */
  resolve(operation: Operation, startedAt: number): Operation {
    const resolved = this.#resolve(operation, '') as Operation
    if (resolved.kind !== 'claimEntries' || resolved.deliveredAt === undefined) return resolved
    return { ...resolved, deliveredAt: startedAt + resolved.deliveredAt }
  }

  #resolve(value: unknown, stream: string): unknown {
    if (typeof value === 'string') return RELATIVE.test(value) ? this.#idOf(value, stream) : value
    if (Array.isArray(value)) return value.map((one) => this.#resolve(one, stream))
    if (typeof value !== 'object' || value === null) return value
    const named = 'stream' in value ? String(value.stream) : stream
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#resolve(member, named)])
    )
  }

  #idOf(text: string, stream: string): string {
    const number = Number(text.slice(1))
    const ids = this.#appendedTo(stream)
    if (text.startsWith('#')) return ids[number % ids.length] ?? formatId(entryId(1, number))
    const wanted = id(this.#last.get(stream) ?? '0-0') + BigInt(Number(text))
    return formatId(wanted < MIN_ID ? MIN_ID : wanted > MAX_ID ? MAX_ID : wanted)
  }

  #appendedTo(stream: string): readonly string[] {
    return this.#appended.get(stream) ?? []
  }
}
