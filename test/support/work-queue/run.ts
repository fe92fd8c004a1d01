import { MIN_ID } from '../../../src/contract/entry-id.ts'
import { Broken } from './ledger.ts'
import { type Program, policies, type Step } from './program.ts'
import { FairReads, reread, work } from './reads.ts'
import { Scene } from './scene.ts'
import { GROUP, LETTERS, type Stage } from './stage.ts'
import * as steps from './steps.ts'

/** The worker that finishes needs fewer rounds than this for any program. */
const MAX_ROUNDS = 30

/**
 * Runs a program on a stage, and after each step compares the engine with a ledger of what was requested and answered.
 * In the end, a worker that acks only every second entry finishes: then every entry is acked or dead, and none is both.
 */
export async function runProgram(stage: Stage, program: Program): Promise<void> {
  const scene = new Scene(stage)
  const reads = new FairReads(scene)
  const [policy = {}] = policies(stage.leaseMs, LETTERS)
  await stage.engine.ensureGroup({ ...GROUP, after: MIN_ID, createStream: true, onlyNew: true })
  scene.begin()
  await steps.setPolicy(scene, policy)
  for (const step of program) {
    await scene.untilQuiet()
    scene.begin()
    await take(scene, reads, step)
    await scene.audit()
  }
  await finish(scene, reads)
}

function take(scene: Scene, reads: FairReads, step: Step): Promise<void> {
  switch (step.kind) {
    case 'append':
      return steps.append(scene, step.count)
    case 'read':
      return reads.read(step.worker, step.count, step.hangsUp)
    case 'work':
      return work(scene, step)
    case 'wait':
      return scene.waiters.start(scene.stage, step.worker, step.count)
    case 'reread':
      return reread(scene, step.worker)
    case 'ack':
      return steps.ack(scene, scene.picked(step.picks, step.worker), step.isFenced ? step.worker : null)
    case 'nack':
      return steps.nack(
        scene,
        scene.picked(step.picks, step.worker),
        step,
        step.isFenced ? step.worker : null
      )
    case 'extend':
      return steps.extend(scene, step.worker, step.picks && scene.picked(step.picks, step.worker))
    case 'claim':
      return steps.claim(scene, step.worker, scene.picked(step.picks, null), step.justIds)
    case 'autoClaim':
      return steps.autoClaim(scene, step.worker, scene.ms(step.idle))
    case 'policy':
      return steps.setPolicy(scene, policies(scene.stage.leaseMs, LETTERS)[step.policy] ?? {})
    case 'redrive':
      return steps.redrive(scene, step.limit)
    case 'delete':
      return steps.deleteEntries(scene, scene.picked(step.picks, null))
    case 'leave':
      return steps.leave(scene, step.worker, step.pending)
    case 'restart':
      return steps.restart(scene)
    case 'pass':
      return scene.pass(scene.ms(step.time))
    default:
      return step satisfies never
  }
}

/** Lets everything come to an end, and checks that it did. */
async function finish(scene: Scene, reads: FairReads): Promise<void> {
  const { ledger, stage } = scene
  const { leaseMs } = stage
  await scene.waiters.hangUp(stage)
  await scene.audit()
  scene.begin()
  await steps.setPolicy(scene, { ackTimeoutMs: leaseMs, maxDeliveries: 2, deadLetterStream: LETTERS })
  for (let rounds = 0; [...ledger.all].some(isOpen); rounds++) {
    if (rounds > MAX_ROUNDS) throw new Broken(`Not over: ${JSON.stringify([...ledger.all].filter(isOpen))}`)
    scene.begin()
    await reads.read('ann', 100)
    const held = ledger.heldBy('ann').map((one) => one.id)
    await steps.ack(scene, held.filter(isEven), 'ann')
    await scene.pass(leaseMs)
  }
}

/** A deleted entry in nobody's hands may stay pending. */
function isOpen({ phase, isDeleted }: { phase: string; isDeleted: boolean }): boolean {
  return !isDeleted && (phase === 'new' || phase === 'pending')
}

function isEven(id: string): boolean {
  return Number(id.split('-')[1]) % 2 === 0
}
