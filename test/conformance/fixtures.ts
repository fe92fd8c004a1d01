import { expect, vi } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import type { FieldsJson } from '../../src/contract/entries.ts'
import { type EntryId, formatId, parseId } from '../../src/contract/entry-id.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { StreamRef } from '../../src/contract/refs.ts'

/** Long enough for a reader that something else must wake: whoever waits it out fails the test. */
export const LONG_MS = 60_000
/** Short enough for a deadline that is to pass. */
export const SHORT_MS = 20

/** The id that a text means. */
export function id(text: string): EntryId {
  const parsed = parseId(text)
  if (parsed === null) throw new TypeError(`"${text}" is no id`)
  return parsed
}

export function ids(...texts: string[]): EntryId[] {
  return texts.map(id)
}

/** The texts of consecutive ids, from "<first>-0" to "<last>-0". */
export function idsFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}-0`)
}

export function fieldsJson(fields: Record<string, string>): FieldsJson {
  return new TextEncoder().encode(JSON.stringify(fields))
}

/** An answer as a test reads it: ids as texts, fields as objects. */
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

/** The ids of what was answered. */
export function idsOf(answered: readonly { readonly id: string }[]): string[] {
  return answered.map((one) => one.id)
}

/** The fields of the entry that `append` makes for an id. */
export function fieldsOf(id: string): Record<string, string> {
  return { order: id }
}

/** An entry made by `append`, as it is shown. */
export function entry(id: string): { id: string; fields: Record<string, string> } {
  return { id, fields: fieldsOf(id) }
}

/** The same as a group delivers it. */
export function delivered(id: string, deliveries = 1) {
  return { ...entry(id), deliveries }
}

/** Everything there is to know of a stream; the code of the refusal where there is none. */
export async function everything(engine: Engine, stream: StreamRef): Promise<unknown> {
  try {
    return shown(await engine.describeStream({ stream: stream.stream, limit: 1000 }))
  } catch (error) {
    return codeOf(error)
  }
}

/** The code that a request is refused with. Throws when it is not, and when it has left a trace in the stream. */
export async function refusal(
  engine: Engine,
  stream: StreamRef,
  request: () => Promise<unknown>
): Promise<string> {
  const before = await everything(engine, stream)
  const code = await codeOfRefused(request())
  expect(await everything(engine, stream), 'what a refused request leaves').toEqual(before)
  return code
}

/** The code of what a promise rejects with. Throws when it does not. */
export async function codeOfRefused(answer: Promise<unknown>): Promise<string> {
  const answered = await answer.catch(codeOf)
  if (typeof answered === 'string') return answered
  throw new Error('The request was not refused')
}

function codeOf(error: unknown): string {
  if (error instanceof EngineError) return error.code
  throw error
}

/** An answer that is still to come. */
export interface Parked<A> {
  readonly answer: Promise<A>
}

/** Starts a read that finds nothing, and resolves as soon as it waits. Throws when it answers instead. */
export async function parked<A>(engine: Engine, start: () => Promise<A>): Promise<Parked<A>> {
  const before = (await engine.status()).waiting
  const answer = start()
  let answered = false
  const note = () => {
    answered = true
  }
  answer.then(note, note)
  await vi.waitUntil(async () => answered || (await engine.status()).waiting > before, {
    interval: 1,
    timeout: 5000
  })
  if (!answered) return { answer }
  throw new Error(`It does not wait, but answers ${JSON.stringify(shown(await answer))}`)
}
