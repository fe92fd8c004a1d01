import type { DeliveredEntry, Delivery, Settled } from '../../../src/contract/deliveries.ts'
import { type EntryId, MIN_ID } from '../../../src/contract/entry-id.ts'
import type { Nack } from '../../../src/contract/pending.ts'
import { id, type Shown, shown } from '../../conformance/fixtures.ts'
import { Broken } from './ledger.ts'
import type { SomeNack, Step, Worker } from './program.ts'
import type { Scene } from './scene.ts'
import { GROUP, STREAM } from './stage.ts'

/*
 * Steps of programs that read: what they request, and what they enter into the ledger.
 */

type Answer = Shown<DeliveredEntry>[]

const { signal: NEVER } = new AbortController()

/** What a worker may get from a read. */
interface Available {
  readonly due: number
  readonly added: number
  /** How many more entries may be held before no new ones are delivered. */
  readonly room: number
  /** Room for new entries that deaths may make meanwhile. */
  readonly spare: number
}

/** Checks that due and new entries move, which it remembers from one read to the next. */
export class FairReads {
  readonly #scene: Scene
  /** `firstDeliveries` after the last read if that could have returned new entries and returned none; otherwise null. */
  #withoutNew: number | null = null

  constructor(scene: Scene) {
    this.#scene = scene
  }

  async read(worker: Worker, count: number, hangsUp = false): Promise<void> {
    const { ledger } = this.#scene
    const before = await this.#availableTo(worker)
    const delivery = await request(this.#scene, worker, count)
    const got = entriesIn(delivery)
    this.#scene.collect()
    const restore = ledger.snapshot(got.map((one) => one.id))
    for (const one of got) ledger.delivered(worker, one, this.#scene.moment())
    this.#assertFair(worker, count, got, before)
    if (!hangsUp) return
    delivery.undo()
    restore()
  }

  async #availableTo(worker: Worker): Promise<Available> {
    const { ledger, stage } = this.#scene
    const { maxPending = Number.POSITIVE_INFINITY, maxPendingPerConsumer = Number.POSITIVE_INFINITY } =
      ledger.policy
    const range = { from: MIN_ID, to: id('2-0'), limit: 10_000, minIdleMs: 0 }
    const listed = shown(await stage.engine.listPending({ ...GROUP, ...range }))
    const isDue = ({ id, state, deliveries }: (typeof listed)[number]) =>
      state === 'due' && deliveries < ledger.mostDeliveries() && !ledger.get(id).isDeleted
    const own = ledger.heldBy(worker)
    const room = Math.min(maxPending - ledger.held, maxPendingPerConsumer - own.length)
    return {
      due: listed.filter(isDue).length,
      added: Math.max(0, Math.min(room, ledger.newOnes.length)),
      room,
      spare: stage.isStill ? 0 : own.filter((entry) => ledger.mayBeDead(entry)).length
    }
  }

  /** Half of each read for due and for new entries, and one new entry in two successive reads of one. */
  #assertFair(worker: Worker, count: number, got: Answer, before: Available): void {
    const added = got.filter(({ idleMs }) => idleMs === undefined).length
    const due = got.length - added
    // Due entries that are delivered first take room from new ones.
    const addable = Math.max(0, Math.min(before.added, before.room - due))
    const shareOf = (all: number) => Math.min(all, got.length < count ? all : Math.floor(count / 2))
    if (added < shareOf(addable) || due < shareOf(before.due))
      throw new Broken(
        `${worker} got ${due} due and ${added} new of ${JSON.stringify(before)}, count ${count}`
      )
    if (added > before.added + before.spare)
      throw new Broken(`${worker} got ${added} new entries, above a limit`)
    const isWithoutNew = addable > 0 && added === 0
    const { firstDeliveries } = this.#scene.ledger
    if (isWithoutNew && this.#withoutNew === firstDeliveries)
      throw new Broken(`${worker} got no new entry in two successive reads`)
    this.#withoutNew = isWithoutNew ? firstDeliveries : null
  }
}

/** Acks and nacks some entries, and reads the next ones, in one request. */
export async function work(scene: Scene, step: Extract<Step, { kind: 'work' }>): Promise<void> {
  const { worker, count, nack } = step
  const acks = scene.picked(step.ack, worker)
  const nacks = scene.picked(nack.picks, worker)
  const place = { stream: STREAM, ack: acks.map(id), nack: [nackOf(scene, nack, nacks)] }
  const consumer = { group: GROUP.group, consumer: worker }
  const options = { count, waitMs: 0, noAck: false }
  const delivery = await scene.stage.engine.readGroups({ ...consumer, ...options, streams: [place] }, NEVER)
  const [settled] = shown(delivery.settled ?? [])
  if (settled === undefined) throw new Broken('A read with ack and nack was answered without settled')
  const { acked, nacked } = split(acks, nacks, settled)
  for (const one of acked) scene.ledger.acked(one, worker)
  for (const one of nacked) enterNack(scene, one, nack, worker)
  scene.collect()
  for (const one of entriesIn(delivery)) scene.ledger.delivered(worker, one, scene.moment())
}

/** Reads the worker's own entries again. */
export async function reread(scene: Scene, worker: Worker): Promise<void> {
  const got = entriesIn(await request(scene, worker, 10, MIN_ID))
  scene.collect()
  for (const one of got) scene.ledger.reread(worker, one, scene.moment())
}

/** The request for a nack of entries. */
export function nackOf(scene: Scene, { outcome, delay }: SomeNack, ids: readonly string[]): Nack {
  const delayMs = delay === undefined || outcome !== 'retry' ? {} : { delayMs: scene.ms(delay) }
  return { ids: ids.map(id), outcome, ...delayMs }
}

/** Enters a nack of an entry that was answered as nacked. */
export function enterNack(
  scene: Scene,
  one: string,
  { outcome, delay }: SomeNack,
  consumer: string | null
): void {
  const delayMs = delay === undefined ? null : scene.ms(delay)
  scene.ledger.nacked(one, { outcome, delayMs, consumer }, scene.moment())
}

/** `notPending` has the ids that were not acked, and then those that were not nacked. */
function split(
  acks: readonly string[],
  nacks: readonly string[],
  { acked, nacked, notPending }: Shown<Settled>
) {
  const refused = notPending.slice(0, acks.length - acked)
  const others = notPending.slice(acks.length - acked)
  const done = {
    acked: acks.filter((one) => !refused.includes(one)),
    nacked: nacks.filter((one) => !others.includes(one))
  }
  if (done.acked.length !== acked || done.nacked.length !== nacked)
    throw new Broken(`${JSON.stringify({ acks, nacks, acked, nacked, notPending })} does not add up`)
  return done
}

function request(scene: Scene, consumer: Worker, count: number, after?: EntryId): Promise<Delivery> {
  const options = { group: GROUP.group, consumer, count, waitMs: 0, noAck: false }
  const place = { stream: STREAM, ...(after !== undefined && { after }) }
  return scene.stage.engine.readGroups({ ...options, streams: [place] }, NEVER)
}

function entriesIn(delivery: Delivery): Answer {
  return shown(delivery.streams).flatMap(({ entries }) => entries)
}
