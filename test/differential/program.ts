import { entryId, formatId, MAX_ID, MIN_ID } from '../../src/entry-id.ts'
import { id } from '../conformance/fixtures.ts'
import type { Operation, Step } from './operation.ts'

/**
 * A program: steps in which ids may be written so that they meet what is there, whatever the clock gave it.
 *
 *     "5-1"     this id
 *     "#3"      the fourth that was appended, to any stream; counted around
 *     "+2"      two after the last that was appended; "-2" two before it
 */
export type Program = readonly Step[]

const RELATIVE = /^[#+-]\d+$/

/** The ids that a program has appended so far. */
export class AppendedIds {
  readonly #ids: string[] = []

  take(operation: Operation, answer: unknown): void {
    if (operation.kind === 'appendEntries' && Array.isArray(answer)) this.#ids.push(...answer)
  }

  /** The operation with the ids that it means. Moments are told from the beginning of the program. */
  resolve(operation: Operation, startedAt: number): Operation {
    const resolved = this.#resolve(operation) as Operation
    if (resolved.kind !== 'claim' || resolved.deliveredAt === undefined) return resolved
    return { ...resolved, deliveredAt: startedAt + resolved.deliveredAt }
  }

  #resolve(value: unknown): unknown {
    if (typeof value === 'string') return RELATIVE.test(value) ? this.#idOf(value) : value
    if (Array.isArray(value)) return value.map((one) => this.#resolve(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#resolve(member)]))
  }

  #idOf(text: string): string {
    const number = Number(text.slice(1))
    if (text.startsWith('#')) return this.#ids[number % this.#ids.length] ?? formatId(entryId(1, number))
    const last = id(this.#ids.at(-1) ?? '0-0')
    const wanted = last + BigInt(Number(text))
    return formatId(wanted < MIN_ID ? MIN_ID : wanted > MAX_ID ? MAX_ID : wanted)
  }
}
