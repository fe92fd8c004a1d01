import { expect, vi } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import type { FieldsJson } from '../../src/contract/entries.ts'
import { type EntryId, formatId, parseId } from '../../src/contract/entry-id.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { StreamRef } from '../../src/contract/refs.ts'

/** For a reader that something else must wake: a test that waits this long fails. */
export const LONG_MS = 60_000
/** For a deadline that the test lets pass. */
export const SHORT_MS = 20

/** Parses an id. Throws if it is invalid. */
export function id(text: string): EntryId {
  const parsed = parseId(text)
  if (parsed === null) throw new TypeError(`"${text}" is not a valid id`)
  return parsed
}

export function ids(...texts: string[]): EntryId[] {
  return texts.map(id)
}

/** Consecutive ids as texts, from "<first>-0" to "<last>-0". */
export function idsFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}-0`)
}

export function fieldsJson(fields: Record<string, string>): FieldsJson {
  return new TextEncoder().encode(JSON.stringify(fields))
}

/** An answer with its ids as texts and its fields as objects. */
export type Shown<T> = T extends bigint
  ? string
  : T extends Uint8Array
    ? Record<string, string>
    : T extends readonly (infer E)[]
      ? Shown<E>[]
      : T extends object
        ? { [K in keyof T]: Shown<T[K]> }
        : T

export function shown<T>(value: T): Shown<T> {
  return show(value) as Shown<T>
}

function show(value: unknown): unknown {
  if (typeof value === 'bigint') return formatId(value)
  if (value instanceof Uint8Array) return JSON.parse(new TextDecoder().decode(value))
  if (Array.isArray(value)) return value.map(show)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, show(member)]))
}

export function idsOf(entries: readonly { readonly id: string }[]): string[] {
  return entries.map((one) => one.id)
}

/** The fields of the entry that `append` appends for an id. */
export function fieldsOf(id: string): Record<string, string> {
  return { order: id }
}

/** An entry appended by `append`, as `shown` returns it. */
export function entry(id: string): { id: string; fields: Record<string, string> } {
  return { id, fields: fieldsOf(id) }
}

/** Such an entry as a group delivers it. */
export function delivered(id: string, deliveries = 1) {
  return { ...entry(id), deliveries }
}

/** The full description of a stream, or the code of the refusal if it does not exist. */
export async function stateOf(engine: Engine, stream: StreamRef): Promise<unknown> {
  try {
    return shown(await engine.describeStream({ stream: stream.stream, limit: 1000 }))
  } catch (error) {
    return codeOf(error)
  }
}

/** The code that a request is refused with. Throws if it is not refused or has changed the stream. */
export async function refusal(
  engine: Engine,
  stream: StreamRef,
  request: () => Promise<unknown>
): Promise<string> {
  const before = await stateOf(engine, stream)
  const code = await codeOfRefused(request())
  expect(await stateOf(engine, stream), 'after a refused request').toEqual(before)
  return code
}

/** The code of the error that a promise rejects with. Throws if it resolves. */
export async function codeOfRefused(answer: Promise<unknown>): Promise<string> {
  const outcome = await answer.catch(codeOf)
  if (typeof outcome === 'string') return outcome
  throw new Error('The request was not refused')
}

function codeOf(error: unknown): string {
  if (error instanceof EngineError) return error.code
  throw error
}

/** A request that waits for its answer. */
export interface Parked<A> {
  readonly answer: Promise<A>
}

/** Starts a read that finds nothing, and resolves as soon as it waits. Throws if it is answered instead. */
export async function parked<A>(engine: Engine, start: () => Promise<A>): Promise<Parked<A>> {
  const before = (await engine.status()).waiting
  const answer = start()
  let answered = false
  const markAnswered = () => {
    answered = true
  }
  answer.then(markAnswered, markAnswered)
  await vi.waitUntil(async () => answered || (await engine.status()).waiting > before, {
    interval: 1,
    timeout: 5000
  })
  if (!answered) return { answer }
  throw new Error(`The read did not wait. It was answered ${JSON.stringify(shown(await answer))}`)
}
