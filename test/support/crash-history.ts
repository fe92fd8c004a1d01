import { crc32 } from 'node:zlib'
import type { EngineErrorCode } from '../../src/contract/errors.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import type { Call } from './crash-calls.ts'
import { snapshot } from './snapshot.ts'

/**
 * What an engine's life leaves behind as evidence, line by line, each written before anything else happens. Requests
 * have numbers; `after` counts the commits that an answer has seen, and `at` is the time it was told.
 */
export type HistoryEvent =
  /** What was found at the start. */
  | { readonly is: 'state'; readonly state: string }
  | { readonly is: 'request'; readonly number: number; readonly call: Call }
  /** A record is in the journal's buffer: of the request, or of undoing what it gave. */
  | { readonly is: 'commit'; readonly number: number; readonly at: number; readonly undoes: boolean }
  | {
      readonly is: 'answer'
      readonly number: number
      readonly after: number
      readonly at: number
      readonly answer: string
    }
  | {
      readonly is: 'refusal'
      readonly number: number
      readonly after: number
      readonly at: number
      readonly code: EngineErrorCode
    }
  /** A checkpoint has so many commits. */
  | { readonly is: 'saved'; readonly commits: number }
  | { readonly is: 'closed' }
  /** The step at which the process ends itself. */
  | { readonly is: 'death'; readonly step: string }

export function eventText(line: HistoryEvent): string {
  return JSON.stringify(
    line,
    withBytes((bytes) => `$${Buffer.from(bytes).toString('latin1')}`)
  )
}

export function readEvent(text: string): HistoryEvent {
  return JSON.parse(text, (_key, value) => {
    if (typeof value !== 'string') return value
    if (value.startsWith('#')) return BigInt(value.slice(1))
    return value.startsWith('$') ? new Uint8Array(Buffer.from(value.slice(1), 'latin1')) : value
  })
}

/** The lines of a text, the last one only if it is whole. */
export function readEvents(text: string): HistoryEvent[] {
  return text.split('\n').slice(0, -1).map(readEvent)
}

/** An answer or a state, to be compared with another. Bytes are told by their length and checksum. */
export function comparable(value: unknown): string {
  return JSON.stringify(
    value ?? null,
    withBytes((bytes) => `${bytes.length} bytes ${crc32(bytes)}`)
  )
}

/** All there is to know of a state, to be compared with another. */
export function stateOf(streams: Streams): string {
  return comparable(snapshot(streams))
}

function withBytes(text: (bytes: Uint8Array) => string) {
  return function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    // Not `value`, which is what a Buffer makes of itself for JSON.
    const given = this[key]
    if (typeof given === 'bigint') return `#${given}`
    return given instanceof Uint8Array ? text(given) : value
  }
}
