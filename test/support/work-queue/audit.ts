import { LETTER_FIELDS } from '../../../src/contract/delivery-policy.ts'
import type { Engine } from '../../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import { EngineError } from '../../../src/contract/errors.ts'
import { shown } from '../../conformance/fixtures.ts'
import { Broken, describe, type Ledger, type Tracked } from './ledger.ts'
import { GROUP, LETTERS, type Stage } from './stage.ts'
import type { Waiters } from './waiters.ts'

/** How often an audit is repeated while the engine may still be at work. Then the last finding counts. */
const TRIES = 600

interface Listed {
  readonly id: string
  readonly consumer: string | null
  readonly deliveries: number
  readonly state: string
}

interface Found {
  readonly pending: ReadonlyMap<string, Listed>
  readonly dead: ReadonlySet<string>
  readonly letters: readonly string[]
}

/**
 * Compares the ledger with what the engine lists: every entry is in one place, and nothing that is due or new waits
 * while a reader does. The engine gets some time to do by itself what it has to do.
 * `collect` enters the answers of waiting readers.
 */
export async function audit(
  stage: Stage,
  { ledger, waiters, collect }: { ledger: Ledger; waiters: Waiters; collect: () => void }
): Promise<void> {
  for (let tries = 1; ; tries++) {
    collect()
    const finding = check(await find(stage.engine), ledger, waiters.names)
    if (finding === null) break
    if (tries === TRIES) throw new Broken(finding)
    await stage.yield()
  }
  if (stage.isStill) await checkCounts(stage.engine)
}

async function find(engine: Engine): Promise<Found> {
  const range = { from: MIN_ID, to: MAX_ID, limit: 10_000, minIdleMs: 0 }
  // In this order, an entry that dies meanwhile is found at least once.
  const pending = shown(await engine.listPending({ ...GROUP, ...range }))
  const dead = shown((await engine.listDead({ ...GROUP, limit: 10_000 })).dead)
  return {
    pending: new Map(pending.map((one) => [one.id, one])),
    dead: new Set(dead.map(({ id }) => id)),
    letters: await letterIds(engine)
  }
}

/** The ids of the originals of all dead letters. */
async function letterIds(engine: Engine): Promise<string[]> {
  const range = { from: MIN_ID, to: MAX_ID, order: 'asc', limit: 10_000, waitMs: 0 } as const
  try {
    const { signal } = new AbortController()
    const { entries } = shown(await engine.listEntries({ stream: LETTERS, ...range }, signal))
    return entries.map(({ fields }) => fields[LETTER_FIELDS.id] ?? '')
  } catch (error) {
    if (error instanceof EngineError && error.code === 'stream-not-found') return []
    throw error
  }
}

/** Returns what is wrong, or null. */
function check(found: Found, ledger: Ledger, waiting: readonly string[]): string | null {
  for (const id of found.letters)
    if (found.letters.indexOf(id) !== found.letters.lastIndexOf(id)) return `${id} has two dead letters`
  for (const entry of ledger.all) {
    const finding = checkEntry(entry, found, ledger)
    if (finding !== null) return finding
  }
  return checkWaiting(found, ledger, waiting)
}

function checkEntry(entry: Tracked, found: Found, ledger: Ledger): string | null {
  const { id } = entry
  const pending = found.pending.get(id)
  const isDead = found.dead.has(id) || found.letters.includes(id)
  if (found.dead.has(id) && found.letters.includes(id)) return `${id} is dead twice`
  if (pending !== undefined && isDead) return `${id} is pending and dead`
  if (entry.isDeleted) return checkDeleted(entry, pending !== undefined, isDead)
  if (isDead) {
    if (!ledger.mayBeDead(entry)) return `${id} is dead, but should be ${describe(entry)}`
    entry.phase = 'dead'
    return null
  }
  if (entry.phase !== 'pending')
    return pending === undefined && entry.phase !== 'dead'
      ? null
      : `${id} is ${pending === undefined ? 'nowhere' : 'pending'}, but should be ${describe(entry)}`
  if (pending === undefined) return `${id} is nowhere, but should be ${describe(entry)}`
  if (pending.consumer !== entry.holder || pending.deliveries !== entry.count)
    return `${id} is with ${pending.consumer} after ${pending.deliveries} deliveries, but should be ${describe(entry)}`
  return null
}

/** A deleted entry leaves the pending list sooner or later, and may have died before it was deleted. */
function checkDeleted(entry: Tracked, isPending: boolean, isDead: boolean): string | null {
  if (entry.phase === 'pending' && isDead) entry.phase = 'dead'
  else if (entry.phase === 'pending' && !isPending) entry.phase = 'lost'
  else if (entry.phase !== 'pending' && isPending) return `${entry.id} is pending, but ${entry.phase}`
  return null
}

/** Nothing that could be delivered waits while a reader does, and nothing that is due should be dead. */
function checkWaiting(found: Found, ledger: Ledger, waiting: readonly string[]): string | null {
  for (const { id, consumer, state, deliveries } of found.pending.values()) {
    if (state !== 'due' || ledger.get(id).isDeleted) continue
    // An entry in nobody's hands that a new policy forbids to deliver may stay until a reader looks.
    if (deliveries >= ledger.mostDeliveries() && consumer === null) continue
    if (deliveries >= ledger.mostDeliveries()) return `${id} is due after its last delivery`
    if (waiting.length > 0) return `${id} is due while ${waiting} wait`
  }
  const [next] = ledger.newOnes
  const { maxPending = Number.POSITIVE_INFINITY } = ledger.policy
  if (next === undefined || ledger.held >= maxPending) return null
  const { maxPendingPerConsumer = Number.POSITIVE_INFINITY } = ledger.policy
  const free = waiting.find((name) => ledger.heldBy(name).length < maxPendingPerConsumer)
  return free === undefined ? null : `${next.id} is new while ${free} waits`
}

/** The counts of a group are those of its lists. */
async function checkCounts(engine: Engine): Promise<void> {
  const { pending, delayed, dead } = await engine.getGroup(GROUP)
  const range = { from: MIN_ID, to: MAX_ID, limit: 10_000, minIdleMs: 0 }
  const listed = await engine.listPending({ ...GROUP, ...range })
  const expected = {
    pending: listed.length,
    delayed: listed.filter(({ state }) => state === 'delayed').length,
    dead: (await engine.listDead({ ...GROUP, limit: 10_000 })).dead.length
  }
  const shownCounts = JSON.stringify({ pending, delayed, dead })
  if (shownCounts !== JSON.stringify(expected))
    throw new Broken(`The group counts ${shownCounts}, but has ${JSON.stringify(expected)}`)
}
