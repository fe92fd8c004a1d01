import { crc32 } from 'node:zlib'
import type { EngineErrorCode } from '../../src/contract/errors.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import type { Call } from './crash-calls.ts'
import { snapshot } from './snapshot.ts'

/**
 * An event in the history of an engine's run. Each event is written, as a line, before anything else happens.
 * Requests have numbers. `after` counts the commits that an answer has seen, and `at` is the time that the engine's
 * clock showed.
 */
export type HistoryEvent =
  /** The state that the start found. */
  | { readonly is: 'state'; readonly state: string }
  | { readonly is: 'request'; readonly number: number; readonly call: Call }
  /** A record of the request is in the journal's buffer, or a record that undoes its delivery. */
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
  /** A checkpoint contains the first `commits` commits of the run. */
  | { readonly is: 'saved'; readonly commits: number }
  | { readonly is: 'closed' }
  /** The process kills itself at this step. */
  | { readonly is: 'death'; readonly step: string }

export function eventText(event: HistoryEvent): string {
  return JSON.stringify(
    event,
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

/** The events of a text. An incomplete last line is left out. */
export function readEvents(text: string): HistoryEvent[] {
  return text.split('\n').slice(0, -1).map(readEvent)
}

/** An answer or a state as a text that can be compared. Bytes are shown as their length and checksum. */
export function comparable(value: unknown): string {
  return JSON.stringify(
    value ?? null,
    withBytes((bytes) => `${bytes.length} bytes ${crc32(bytes)}`)
  )
}

/** Everything in a state, as a text that can be compared. */
export function stateOf(streams: Streams): string {
  return comparable(snapshot(streams))
}

function withBytes(text: (bytes: Uint8Array) => string) {
  return function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    // Not `value`: a Buffer has already converted itself for JSON there.
    const original = this[key]
    if (typeof original === 'bigint') return `#${original}`
    return original instanceof Uint8Array ? text(original) : value
  }
}
