import { count, id, list } from '../commands/replies.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import { isRefused, refusalOf } from '../connection/redis-errors.ts'
import { CHECK_STREAM } from '../scripts/generated.ts'
import { IdleScan } from './idle-scan.ts'
import type { LongPolls } from './long-polls.ts'
import type { Place } from './wait-queues.ts'

/** Each stream where somebody waits is looked at so often: native clients tell nobody what they destroy or move. */
const EVERY_MS = 1000
/** No more streams than that in a second. */
const AT_ONCE = 1000
const SOONEST_MS = 20
/** A look that is due later is put off when this has passed: whoever waits for it may be gone, and the stream, too. */
const LATEST_MS = 60_000

/**
 * Looks at the streams where readers wait, for what no new entry tells of: groups and streams that are gone or were
 * moved, entries that came back, entries that have been idle for long enough. One look for all who wait there.
 */
export class Reconciler {
  readonly #commands: StreamCommands
  readonly #longPolls: LongPolls
  readonly #alarms = new Map<string, { timer: NodeJS.Timeout; at: number }>()
  readonly #looking = new Map<string, { again: boolean }>()
  /** What is known of when entries can be claimed. */
  readonly idleTimes = new IdleScan()
  readonly #lastIds = new Map<string, bigint>()
  readonly #rounds: NodeJS.Timeout
  #skip = 0

  constructor(commands: StreamCommands, longPolls: LongPolls) {
    this.#commands = commands
    this.#longPolls = longPolls
    this.#rounds = setInterval(() => this.#round(), EVERY_MS)
  }

  /** Somebody waits at a place who would claim entries: looks when there can be some. */
  watchIdle(place: Place): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted !== null) this.lookIn(place.stream, this.idleTimes.restMs(place, wanted))
  }

  /** Looks after so long, unless a look is due before. */
  lookIn(stream: string, delayMs: number): void {
    if (!this.#longPolls.queues.hasStream(stream)) return
    const ms = Math.min(delayMs, LATEST_MS)
    const at = performance.now() + ms
    const alarm = this.#alarms.get(stream)
    if (alarm !== undefined && alarm.at <= at) return
    clearTimeout(alarm?.timer)
    const ring = () => {
      this.#alarms.delete(stream)
      void this.look(stream)
    }
    this.#alarms.set(stream, { timer: setTimeout(ring, ms), at })
  }

  /** Entries were delivered here: whoever waits for idle ones has more to wait for. */
  delivered(place: Place): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted !== null) this.lookIn(place.stream, wanted)
  }

  /** Looks now, and once more when it is asked to while it looks. */
  async look(stream: string): Promise<void> {
    const looking = this.#looking.get(stream)
    if (looking !== undefined) {
      looking.again = true
      return
    }
    const begun = { again: true }
    this.#looking.set(stream, begun)
    try {
      while (begun.again) {
        begun.again = false
        await this.#look(stream).catch(ignoreRefusal)
      }
    } finally {
      this.#looking.delete(stream)
    }
  }

  /** After a time in which news may have been missed. */
  lookEverywhere(): void {
    for (const stream of this.#longPolls.queues.streams()) this.lookIn(stream, 0)
  }

  close(): void {
    clearInterval(this.#rounds)
    for (const { timer } of this.#alarms.values()) clearTimeout(timer)
  }

  #round(): void {
    this.idleTimes.sweep()
    const streams = [...this.#longPolls.queues.streams()]
    for (const name of this.#lastIds.keys()) {
      if (!this.#longPolls.queues.hasStream(name)) this.#lastIds.delete(name)
    }
    if (this.#skip >= streams.length) this.#skip = 0
    for (const stream of streams.slice(this.#skip, this.#skip + AT_ONCE)) this.lookIn(stream, 0)
    this.#skip += AT_ONCE
  }

  async #look(stream: string): Promise<void> {
    const { queues } = this.#longPolls
    const places = queues.placesOf(stream)
    if (places.length === 0) return
    const groups = places.filter(({ group }) => group !== undefined)
    const args = groups.flatMap((place) => [
      place.group ?? '',
      String(queues.shortestClaimIdleMs(place) ?? ''),
      this.idleTimes.from(place)
    ])
    const { generation } = this.idleTimes
    const [lastId, found] = list(await this.#commands.script(CHECK_STREAM, { stream }, { groups: args }))
    if (lastId === null || lastId === undefined) {
      this.idleTimes.forget(stream)
      for (const place of places) this.#longPolls.refuse(place, refusalOf('stream-not-found', place))
      return
    }
    this.#noteLastId(stream, id(lastId))
    for (const [index, place] of groups.entries()) {
      const [state, idle, from, whole] = list(list(found)[index])
      if (args[3 * index + 1] !== '') {
        const oldestMs = whole === '1' ? count(idle) : null
        this.idleTimes.note(place, { from: String(from), oldestMs }, generation)
      }
      if (state === 'gone') this.#longPolls.refuse(place, refusalOf('group-not-found', place))
      else if (state === 'new') void this.#longPolls.serve(place)
      this.#serveIdle(place, count(idle))
    }
  }

  /** A stream that was made anew gives smaller ids than those that are waited for. */
  #noteLastId(stream: string, lastId: bigint): void {
    const known = this.#lastIds.get(stream)
    this.#lastIds.set(stream, lastId)
    if (known !== undefined && lastId < known) this.#longPolls.wakeStream(stream)
  }

  /** `idle`: how long the entry has been pending that can be claimed first; below 0 for none. */
  #serveIdle(place: Place, idle: number): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted === null) return
    if (idle < wanted) {
      // What is delivered from now on must first become as old.
      this.lookIn(place.stream, Math.min(EVERY_MS, Math.max(SOONEST_MS, wanted - Math.max(0, idle))))
      return
    }
    this.#longPolls.serveIdle(place, idle).then(() => this.lookIn(place.stream, SOONEST_MS), ignoreRefusal)
  }
}

/** Whoever waits is told at the deadline, and what was missed is looked at when Redis is back. */
function ignoreRefusal(error: unknown): void {
  if (!isRefused(error)) throw error
}
