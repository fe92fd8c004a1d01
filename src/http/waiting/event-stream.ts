import type { ServerResponse } from 'node:http'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { Entry, EntryPage } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { type Bytes, bytesOf, encodedJson } from '../json-answer.ts'
import { type Exchange, exchangeOf } from '../limits/exchange.ts'
import type { Wait } from './wait.ts'

/** Maximum size of a page of entries, because a page stays in memory until its client has received it. */
export const PAGE_BYTES = 64 * 1024
/** How much is written at once. The tail then waits until the kernel has taken it. */
const CHUNK_BYTES = 64 * 1024
/** Maximum size of an event besides the entry's fields. */
const EVENT_BYTES = 128
/** How long a tail waits before it tries again to hold room for a page. */
const ROOM_PAUSE_MS = 100

/** Reads entries from an id on. Waits for the first one. */
export type ReadFrom = (from: EntryId) => Promise<EntryPage>

/**
 * Sends the entries of a stream to one client as events. It keeps at most one page of entries, whose bytes
 * are held in the account until the kernel has taken them. If the account has no room, the page is dropped,
 * and read again when it has.
 */
export class EventStream {
  readonly #response: ServerResponse
  readonly #wait: Wait
  readonly #exchange: Exchange
  readonly #read: ReadFrom
  #next: EntryId
  /** The first page, until it is used. */
  #first: Promise<EntryPage> | undefined
  #wantedBytes = 0
  #isBlocked = false
  #isEnding = false

  constructor(response: ServerResponse, wait: Wait, from: EntryId, read: ReadFrom) {
    this.#response = response
    this.#wait = wait
    this.#exchange = exchangeOf(response)
    this.#read = read
    this.#next = from
  }

  /** Starts to read. Rejects if the first page is refused. */
  async begin(): Promise<void> {
    this.#first = this.#read(this.#next)
    await this.#first
  }

  /**
   * Resolves when the tail has ended or its client has disconnected. Rejects with the reason if it cannot
   * continue.
   */
  async follow(): Promise<void> {
    while (!this.#isOver) {
      if (this.#wantedBytes > 0) await this.#waitForRoom()
      else await this.#sendPage()
    }
  }

  /** Ends the tail soon. Does not wait for a client that does not read. */
  end(): void {
    this.#isEnding = true
    if (this.#isBlocked) this.#response.destroy()
  }

  get #isOver(): boolean {
    return this.#isEnding || this.#isGone
  }

  get #isGone(): boolean {
    return this.#wait.peer.isLeaving || this.#response.destroyed
  }

  /** Returns its last call without awaiting it, so that nothing keeps the page in memory while it is sent. */
  async #sendPage(): Promise<void> {
    const first = this.#first
    this.#first = undefined
    const page = pageOf(await (first ?? this.#read(this.#next)))
    this.#refuse()
    const last = page.at(-1)
    if (last === undefined) return this.#sendAll([COMMENT])
    const bytes = page.reduce((sum, { fields }) => sum + fields.length + EVENT_BYTES, 0)
    const missing = bytes - this.#exchange.answerBytes
    if (missing > 0 && !this.#exchange.take(missing)) {
      this.#wantedBytes = bytes
      return
    }
    this.#next = last.id + 1n
    // Chunks keep their entry in memory until they are sent, and a small entry would keep its whole block.
    const isLarge = page.length === 1 && last.fields.length > CHUNK_BYTES
    return this.#sendAll(isLarge ? chunksOf(last) : [page.map(eventOf).join('')])
  }

  /** Between two chunks, an event may be incomplete. After the last one, it is not. */
  async #sendAll(chunks: Iterable<Bytes>): Promise<void> {
    for (const chunk of chunks) {
      if (this.#wait.refusal !== undefined) {
        // The client ignores an incomplete event, and no problem can be sent in the middle of it.
        this.#response.destroy()
        throw this.#wait.refusal
      }
      if (this.#isGone) return
      if (!this.#response.write(chunk, 'latin1')) await this.#taken()
      this.#exchange.release(chunk.length)
    }
    this.#exchange.holdAnswer(0)
    this.#refuse()
    // A client that receives everything at once must not keep other requests waiting.
    await turn()
  }

  #refuse(): void {
    if (this.#wait.refusal !== undefined) throw this.#wait.refusal
  }

  async #waitForRoom(): Promise<void> {
    await pause(ROOM_PAUSE_MS)
    this.#refuse()
    if (this.#exchange.take(this.#wantedBytes - this.#exchange.answerBytes)) this.#wantedBytes = 0
  }

  /**
   * Resolves when the kernel has taken what was written, or the tail must end. `Load` ends one that is too
   * slow.
   */
  async #taken(): Promise<void> {
    this.#isBlocked = true
    this.#exchange.isAnswered = true
    this.#exchange.unsentChecks = 0
    while (this.#response.writableNeedDrain && !this.#isGone && this.#wait.refusal === undefined) {
      if (this.#isEnding) this.#response.destroy()
      else await changed(this.#response, this.#wait.peer.signal)
    }
    this.#exchange.isAnswered = false
    this.#isBlocked = false
  }
}

const COMMENT = ':\n\n'

/**
 * Resolves when a response is drained or closed, or the signal aborts: a queued response does not emit
 * `close`.
 */
async function changed(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle)
      signal.removeEventListener('abort', settle)
      resolve()
    }
    response.on('drain', settle).on('close', settle)
    signal.addEventListener('abort', settle)
  })
}

/** The first entries that make up a page. An engine may return more, because it loads entries together. */
function pageOf({ entries }: EntryPage): Entry[] {
  let bytes = 0
  const end = entries.findIndex(({ fields }) => {
    bytes += fields.length
    return bytes > PAGE_BYTES
  })
  return entries.slice(0, end < 0 ? entries.length : Math.max(1, end))
}

/** An entry's JSON has no line breaks, so it is one line of data. */
function eventOf(entry: Entry): Bytes {
  return [...chunksOf(entry)].join('')
}

function* chunksOf(entry: Entry): Generator<Bytes> {
  const { id, fields } = entry
  let chunk = `id: ${formatId(id)}\ndata: {"id":"${formatId(id)}","fields":`
  for (let from = 0; from < fields.length; from += CHUNK_BYTES) {
    chunk += bytesOf(fields.subarray(from, from + CHUNK_BYTES))
    if (from + CHUNK_BYTES >= fields.length) break
    yield chunk
    chunk = ''
  }
  yield `${chunk}${encodedJson(entry)}}\n\n`
}
