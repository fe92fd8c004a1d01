import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Entry } from '../engine.ts'
import { type EntryId, formatId } from '../entry-id.ts'
import type { HangUps } from './hang-up.ts'
import { type Bytes, entryJson } from './json-answer.ts'
import { problemJson } from './problem.ts'
import { problemFor, type RefusalOptions } from './refusals.ts'

/** Entries from an id on; with none, waits so long for the first. */
export type ReadFrom = (from: EntryId, waitMs: number, signal: AbortSignal) => Promise<Entry[]>

interface TailsOptions extends RefusalOptions {
  readonly hangUps: HangUps
  /** How long a tail may be silent. Then a comment shows both sides, and proxies between them, that it lives. */
  readonly commentMs: number
}

/**
 * Tails: answers as `text/event-stream` that go on with what is appended, until the client goes or the server drains.
 * A tail waits as every other reader does and counts as one. What is refused at its beginning is answered with a
 * problem; once it has begun, an event tells of the problem, and it ends.
 */
export class Tails {
  readonly #options: TailsOptions
  /** Those whose client does not read what was written. */
  readonly #blocked = new Set<ServerResponse>()
  #isDraining = false

  constructor(options: TailsOptions) {
    this.#options = options
  }

  async send(reply: FastifyReply, from: EntryId, readFrom: ReadFrom): Promise<void> {
    const { hangUps, commentMs } = this.#options
    const read = (id: EntryId): Promise<Entry[] | null> =>
      hangUps.read(reply, commentMs, (signal) => readFrom(id, commentMs, signal))

    const first = read(from)
    await refusedAtOnce(first)
    begin(reply)
    try {
      await this.#follow(reply.raw, from, first, read)
    } catch (error) {
      const problem = problemFor(error, reply.request, this.#options)
      reply.raw.write(`event: problem\ndata: ${problemJson(problem, reply.request.id)}\n\n`)
    }
    reply.raw.end()
  }

  /** Tails end, and new ones with their first answer. Whoever does not read is not waited for. */
  drain(): void {
    this.#isDraining = true
    for (const response of this.#blocked) response.destroy()
  }

  async #follow(
    response: ServerResponse,
    from: EntryId,
    first: Promise<Entry[] | null>,
    read: (id: EntryId) => Promise<Entry[] | null>
  ): Promise<void> {
    let next = from
    let entries = await first
    while (entries !== null) {
      const last = entries.at(-1)
      if (last !== undefined) next = last.id + 1n
      const wasTaken = response.write(last === undefined ? COMMENT : eventsOf(entries), 'latin1')
      if (this.#isDraining) return
      if (!wasTaken) await this.#taken(response)
      if (response.destroyed) return
      entries = await read(next)
    }
  }

  /** Resolves when there is room for more, or nobody to write to any more. */
  async #taken(response: ServerResponse): Promise<void> {
    this.#blocked.add(response)
    await new Promise<void>((resolve) => {
      const settle = () => {
        response.off('drain', settle).off('close', settle)
        resolve()
      }
      response.on('drain', settle).on('close', settle)
    })
    this.#blocked.delete(response)
  }
}

/** Whether an `Accept` header asks for a tail. */
export function wantsTail(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === MEDIA_TYPE && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}

const MEDIA_TYPE = 'text/event-stream'
const COMMENT = ':\n\n'

/** A reader that may not wait is told so at once, or after one question to a database on the network. */
const REFUSAL_MS = 50

/** Rejects as the read does if it does so soon. */
async function refusedAtOnce(first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REFUSAL_MS)
  })
  await Promise.race([first, patience]).finally(() => clearTimeout(timer))
}

/** Sends the head, before there is anything to go with it. */
function begin(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': `${MEDIA_TYPE}; charset=utf-8`,
    'cache-control': 'no-store',
    // Keeps nginx from gathering what is to be seen now.
    'x-accel-buffering': 'no'
  })
  reply.raw.flushHeaders()
}

/** An entry's JSON has no line breaks, so it is one line of data. */
function eventsOf(entries: readonly Entry[]): Bytes {
  let events = ''
  for (const entry of entries) {
    events += `id: ${formatId(entry.id)}\ndata: ${entryJson(entry)}\n\n`
  }
  return events
}
