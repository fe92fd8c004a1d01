import type { DeleteConsumerRequest } from '../../../src/contract/consumers.ts'
import type { DeliveryPolicy } from '../../../src/contract/delivery-policy.ts'
import { MIN_ID } from '../../../src/contract/entry-id.ts'
import { EngineError } from '../../../src/contract/errors.ts'
import { fieldsJson, id, shown } from '../../conformance/fixtures.ts'
import { Broken } from './ledger.ts'
import type { SomeNack, Worker } from './program.ts'
import { enterNack, nackOf } from './reads.ts'
import type { Scene } from './scene.ts'
import { GROUP, STREAM } from './stage.ts'

/*
 * Steps of programs that do not read: what they request, and what they enter into the ledger. Answers of waiting
 * readers are entered before an ack and after a nack, because that is the order in which they can have happened.
 */

export async function append(scene: Scene, count: number): Promise<void> {
  const first = scene.ledger.ids.length + 1
  const entries = Array.from({ length: count }, (_, index) => ({
    id: id(`1-${first + index}`),
    fields: fieldsJson({ line: `${first + index}` })
  }))
  // Waiting readers may be answered before the append is.
  for (const one of shown(entries)) scene.ledger.appended(one.id)
  await scene.stage.engine.appendEntries({ stream: STREAM, entries, createStream: false })
}

export async function ack(scene: Scene, ids: readonly string[], consumer: string | null): Promise<void> {
  if (ids.length === 0) return
  const request = { ...GROUP, ids: ids.map(id), ...(consumer !== null && { consumer }) }
  const { acked, notPending } = shown(await scene.stage.engine.ackEntries(request))
  const done = without(ids, notPending, acked)
  scene.collect()
  for (const one of done) scene.ledger.acked(one, consumer)
}

export async function nack(
  scene: Scene,
  ids: readonly string[],
  how: SomeNack,
  consumer: string | null
): Promise<void> {
  if (ids.length === 0) return
  const request = { ...GROUP, ...nackOf(scene, how, ids), ...(consumer !== null && { consumer }) }
  const { nacked, notPending } = shown(await scene.stage.engine.nackEntries(request))
  for (const one of without(ids, notPending, nacked)) enterNack(scene, one, how, consumer)
  scene.collect()
}

/** Without ids, extends all that the worker holds. */
export async function extend(scene: Scene, worker: Worker, ids: readonly string[] | null): Promise<void> {
  const request = { ...GROUP, consumer: worker, ...(ids !== null && { ids: ids.map(id) }) }
  const { extended, notPending } = shown(await scene.stage.engine.extendEntries(request))
  scene.collect()
  const held = scene.ledger.heldBy(worker).map((one) => one.id)
  const done = ids === null ? held : without(ids, notPending, extended)
  // Some of those that it held may have died just before.
  if (done.length === extended) for (const one of done) scene.ledger.extended(one, worker, scene.moment())
}

export async function claim(
  scene: Scene,
  worker: Worker,
  ids: readonly string[],
  justIds: boolean
): Promise<void> {
  if (ids.length === 0) return
  const options = { minIdleMs: 0, force: false, justIds }
  const request = { ...GROUP, consumer: worker, ids: ids.map(id), ...options }
  const { entries } = shown(await scene.stage.engine.claimEntries(request))
  scene.collect()
  for (const one of entries) scene.ledger.claimed(worker, one, justIds, scene.moment())
}

export async function autoClaim(scene: Scene, worker: Worker, minIdleMs: number): Promise<void> {
  const options = { minIdleMs, from: MIN_ID, count: 3, justIds: false }
  const { entries } = shown(
    await scene.stage.engine.autoClaimEntries({ ...GROUP, consumer: worker, ...options })
  )
  scene.collect()
  for (const one of entries) scene.ledger.claimed(worker, one, false, scene.moment())
}

export async function setPolicy(scene: Scene, delivery: DeliveryPolicy): Promise<void> {
  await scene.stage.engine.updateGroup({ ...GROUP, delivery })
  scene.ledger.policySet(delivery, scene.moment())
  await scene.audit()
  scene.ledger.settled()
}

export async function restart(scene: Scene): Promise<void> {
  await scene.waiters.hangUp(scene.stage)
  scene.collect()
  await scene.stage.restart()
  scene.ledger.restarted(scene.stage.restartMs, scene.moment())
}

export async function redrive(scene: Scene, limit: number): Promise<void> {
  await scene.audit()
  const dead = [...scene.ledger.all].filter(({ phase }) => phase === 'dead').map((one) => one.id)
  if (dead.length === 0) return
  const { deadLetterStream } = scene.ledger.policy
  const permission = deadLetterStream === undefined ? {} : { deadLetterStream }
  const { engine } = scene.stage
  await engine.redriveEntries({ ...GROUP, ids: dead.map(id), limit, ...permission })
  // The answer counts, but does not name those that were redriven.
  const range = { from: MIN_ID, to: id('2-0'), limit: 10_000, minIdleMs: 0 }
  const listed = new Set(shown(await engine.listPending({ ...GROUP, ...range })).map((one) => one.id))
  for (const one of dead) if (listed.has(one)) scene.ledger.redriven(one, scene.moment())
  scene.collect()
}

export async function deleteEntries(scene: Scene, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await scene.stage.engine.deleteEntries({ stream: STREAM, ids: ids.map(id) })
  for (const one of ids) scene.ledger.deleted(one)
}

export async function leave(
  scene: Scene,
  worker: Worker,
  pending: DeleteConsumerRequest['pending']
): Promise<void> {
  if (scene.waiters.names.includes(worker)) return
  const held = scene.ledger.heldBy(worker)
  try {
    await scene.stage.engine.deleteConsumer({ ...GROUP, consumer: worker, pending })
  } catch (error) {
    if (error instanceof EngineError && /^consumer-/.test(error.code)) return
    throw error
  }
  for (const entry of held) {
    if (pending === 'release') enterNack(scene, entry.id, { picks: [], outcome: 'release' }, worker)
    else if (!scene.ledger.mayBeDead(entry) || !(await isDead(scene, entry.id))) entry.phase = 'lost'
  }
  scene.collect()
}

/** An entry that was to be dropped may have died just before. */
async function isDead(scene: Scene, text: string): Promise<boolean> {
  const { dead } = await scene.stage.engine.listDead({ ...GROUP, limit: 10_000 })
  return dead.some((one) => one.id === id(text))
}

/** The ids without those that were not pending. Throws if an answer counts others. */
function without(ids: readonly string[], notPending: readonly string[], counted: number): string[] {
  const done = ids.filter((one) => !notPending.includes(one))
  if (done.length === counted) return done
  throw new Broken(`The answer counts ${counted} of ${ids}, but ${notPending} were not pending`)
}
