import type { ServerResponse } from 'node:http'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { Entry, EntryPage } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { type Bytes, bytesOf, encodedJson } from '../json-answer.ts'
import { type Exchange, exchangeOf } from '../limits/exchange.ts'
import type { Wait } from './wait.ts'

/** A page of entries ends here: what a tail has read and its client does not take stays in memory. */
export const PAGE_BYTES = 64 * 1024
/** How much is written at once. Then the tail waits until the kernel has taken it. */
const CHUNK_BYTES = 64 * 1024
/** What an event takes besides the entry's fields, at most. */
const EVENT_BYTES = 128
/** How long a tail waits before it tries again to get room for a page. */
const ROOM_PAUSE_MS = 100

/** Entries from an id on; waits for the first. */
export type ReadFrom = (from: EntryId) => Promise<EntryPage>

/**
 * Sends one client what is appended, as events. It holds one page of entries at most, and those bytes count in the
 * account until the kernel has taken them. A page that has no room there is dropped and read again when there is room.
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

  /** Begins to read. Rejects if the first page is refused. */
  async begin(): Promise<void> {
    this.#first = this.#read(this.#next)
    await this.#first
  }

  /** Resolves when the tail has ended or its client is gone. Rejects with the reason why it may not go on. */
  async follow(): Promise<void> {
    while (!this.#isOver) {
      if (this.#wantedBytes > 0) await this.#waitForRoom()
      else await this.#sendPage()
    }
  }

  /** The tail ends soon. A client that does not read is not waited for. */
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

  /** Does not await what it calls last, so that nothing keeps the page in memory while it is sent. */
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
    // An entry in chunks is kept until the client has taken them, and with a small one a whole block would be.
    const isLarge = page.length === 1 && last.fields.length > CHUNK_BYTES
    return this.#sendAll(isLarge ? chunksOf(last) : [page.map(eventOf).join('')])
  }

  /** Events are whole at the end of the chunks, and in between they may not be. */
  async #sendAll(chunks: Iterable<Bytes>): Promise<void> {
    for (const chunk of chunks) {
      if (this.#wait.refusal !== undefined) {
        // The client ignores an event whose end is missing, and nothing else can be said in the middle of it.
        this.#response.destroy()
        throw this.#wait.refusal
      }
      if (this.#isGone) return
      if (!this.#response.write(chunk, 'latin1')) await this.#taken()
      this.#exchange.release(chunk.length)
    }
    this.#exchange.holdAnswer(0)
    this.#refuse()
    // A client that takes all that is sent must not keep others from their turn.
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

  /** Resolves when the kernel has taken what was written, or the tail must end. The load ends one that takes too long. */
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

/** Resolves when a response was drained or closed, or the signal aborts: its connection may be gone before its turn. */
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

/** The first entries, until they make up a page. An engine may return more, by what it keeps together. */
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
