import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import type { NackOutcome } from '../../src/contract/pending.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import * as entries from '../../src/embedded/core/decide/entries.ts'
import * as groups from '../../src/embedded/core/decide/groups.ts'
import { nackEntries } from '../../src/embedded/core/decide/nacks.ts'
import * as pending from '../../src/embedded/core/decide/pending.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { fieldsJson, id } from '../support/core.ts'
import { Faults, StoredCore } from '../support/faults.ts'
import { program, running } from '../support/programs.ts'
import { snapshot } from '../support/snapshot.ts'
import { temporaryMemory } from '../support/weir.ts'

const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const NO_CHECKPOINT = Number.POSITIVE_INFINITY

type NewKind = Exclude<Change['kind'], `${string}V1`>
type Action = (core: StoredCore) => void

/** A data directory with entries in more than three blocks, of which a group has received some. Nothing is in memory. */
async function stored(): Promise<string> {
  const directory = join(await temporaryMemory(), 'data')
  const core = await StoredCore.open(directory, new Faults(), NO_CHECKPOINT)
  core.append(Array.from({ length: 400 }, (_, n) => `${1000 + n}-0`))
  core.group('billing')
  core.group('audit')
  core.read('ann', { count: 200 })
  core.read('bob', { count: 10 }).undo()
  core.delete(['1003-0', '1300-0'])
  core.append(['1-0'], 'returns')
  core.commit(
    entries.trimStream(core.streams, { stream: 'returns', trim: { maxLength: 0, approximate: false } })
  )
  await core.storage.close()
  return directory
}

const more = Array.from({ length: 300 }, (_, n) => ({ fields: fieldsJson({ n: `${n}` }) }))
const exactly = (maxLength: number) => ({ maxLength, approximate: false })
const trim = (maxLength: number) => (core: StoredCore) => core.trim(exactly(maxLength))
const append = (core: StoredCore, maxLength?: number) => {
  const cut = maxLength === undefined ? {} : { trim: exactly(maxLength) }
  core.commit(
    entries.appendEntries(core.streams, { ...ORDERS, createStream: true, entries: more, ...cut }, core.at)
  )
}
const moveLastId = (core: StoredCore, stream: string, lastId: bigint) =>
  core.commit(entries.setStreamId(core.streams, { stream, lastId, maxDeletedId: 1n }))

const POLICY = { ackTimeoutMs: 1000, retryDelaysMs: [10, 20], deadLetterStream: 'letters' }
const nack = (core: StoredCore, outcome: NackOutcome, texts: readonly string[]) => {
  const request = { ...BILLING, ids: texts.map(id), outcome }
  core.commit(nackEntries(core.streams, request, core.at, () => 0.5))
}

/** Actions that lead to each kind of change. If one is missing, this file does not compile. */
const ACTIONS: Record<NewKind, Action[]> = {
  streamCreated: [
    (core) => core.commit(entries.ensureStream(core.streams, { stream: 'new', onlyNew: false }))
  ],
  streamDeleted: [(core) => core.commit(entries.deleteStream(core.streams, ORDERS))],
  streamIdSet: [
    (core) => moveLastId(core, 'orders', entryId(5000, 0)),
    (core) => moveLastId(core, 'returns', entryId(0, 5))
  ],
  appended: [(core) => append(core), (core) => append(core, 450), (core) => append(core, 10)],
  entriesDeleted: [
    (core) => core.delete(['1000-0']),
    (core) => core.delete(['1000-0', '1128-0', '1200-0', '1399-0'])
  ],
  trimmed: [trim(397), trim(270), trim(3), trim(0)],
  groupSet: [(core) => core.group('new'), (core) => core.moveGroup('1050-0')],
  groupDeleted: [(core) => core.commit(groups.deleteGroup(core.streams, { ...BILLING, dropPending: true }))],
  consumerSeen: [
    (core) => core.commit(groups.ensureConsumer(core.streams, { ...BILLING, consumer: 'new' }, 7))
  ],
  consumerDeleted: [
    (core) =>
      core.commit(groups.deleteConsumer(core.streams, { ...BILLING, consumer: 'ann', pending: 'drop' }))
  ],
  delivered: [(core) => core.read('carl', { count: 30 }), (core) => core.read('carl', { noAck: true })],
  claimed: [
    (core) => core.read('carl', { count: 30, claimIdleMs: 0 }),
    (core) =>
      core.commit(
        pending.autoClaimEntries(
          core.streams,
          { ...BILLING, consumer: 'carl', minIdleMs: 0, from: 0n, count: 50, justIds: false },
          core.at
        )
      )
  ],
  acked: [(core) => core.ack(['1000-0', '1100-0', '1150-0'])],
  returned: [(core) => core.read('carl', { count: 5 }).undo()],
  policySet: [(core) => core.commit(groups.updateGroup(core.streams, { ...BILLING, delivery: POLICY }, 7))],
  nacked: [(core) => nack(core, 'release', ['1000-0', '1100-0']), (core) => nack(core, 'retry', ['1150-0'])],
  died: [(core) => nack(core, 'reject', ['1000-0', '1100-0'])]
}

/** The state that a start loads from a directory. */
async function loaded(directory: string) {
  const core = await StoredCore.open(directory, new Faults(), NO_CHECKPOINT)
  const state = snapshot(core.streams)
  await core.storage.close()
  return state
}

/** Expects that an engine whose change failed halfway accepts no more changes. */
async function expectFailed(core: StoredCore): Promise<void> {
  expect(core.failures).toEqual([core.storage.journal.failed])
  expect(core.failures[0]).toMatchObject({ code: 'storage-failed' })
  core.faults.arm(NO_CHECKPOINT)
  const next = () => core.commit({ changes: [{ kind: 'streamCreated', stream: 'next' }], answer: undefined })
  expect(next).toThrow(expect.objectContaining({ code: 'storage-failed' }))
  await core.storage.close()
}

/** Runs `use` with a copy of a directory, and removes it at once: hundreds of copies would fill the memory that holds them. */
async function withCopy<T>(base: string, use: (copy: string) => Promise<T>): Promise<T> {
  const copy = join(base, '../copy')
  try {
    await cp(base, copy, { recursive: true })
    return await use(copy)
  } finally {
    await rm(copy, { recursive: true })
  }
}

describe('a change that fails halfway', () => {
  it.each(Object.entries(ACTIONS))(
    'ends the engine, and the next start loads the state before or after it: %s',
    { timeout: 600_000 },
    async (kind, actions) => {
      const base = await stored()
      for (const action of actions) {
        const faults = new Faults()
        const { steps, whole, before, after } = await withCopy(base, async (directory) => {
          const core = await StoredCore.open(directory, faults, NO_CHECKPOINT)
          const before = snapshot(core.streams)
          faults.arm(NO_CHECKPOINT)
          action(core)
          const { steps } = faults
          const after = snapshot(core.streams)
          await core.storage.close()
          return { steps, whole: core.changes, before, after }
        })
        expect(whole.map((change) => change.kind)).toContain(kind)
        for (let nth = 1; nth <= steps; nth++) {
          await withCopy(base, async (directory) => {
            const core = await StoredCore.open(directory, new Faults(), NO_CHECKPOINT)
            core.faults.arm(nth)
            expect(() => action(core)).toThrow(expect.objectContaining({ code: 'outcome-unknown' }))
            const between = core.changes.length
            await expectFailed(core)
            const state = await loaded(directory)
            // An action of two changes may be half done: its first change was complete.
            if (between > 0) expect(whole.slice(0, between)).toEqual(core.changes)
            else expect([before, after]).toContainEqual(state)
          })
        }
      }
    }
  )

  it('leaves no trace in a checkpoint that is being written', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        program,
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (steps, nth, restarts) => {
          const directory = await temporaryMemory()
          const core = restarts
            ? await restarted(directory)
            : await StoredCore.open(directory, new Faults(), 200)
          core.faults.arm(nth)
          const turns = running(core, steps)
          let kept = core.changes.length
          let error: unknown = null
          try {
            // The program ignores refusals, and the error that the fault throws.
            while (turns.next().done !== true && core.storage.journal.failed === null) {
              await core.kept()
              kept = core.changes.length
            }
          } catch (thrown) {
            error = thrown
          }
          if (core.storage.journal.failed === null) {
            expect(error).toBe(null)
            await core.storage.close()
            kept = core.changes.length
          } else {
            await expectFailed(core)
          }
          // Changes that were committed before but are not yet on disk may be lost, too: no answer has shown them.
          const ends = [kept, ...core.ends.filter((end) => end > kept)]
          const states = ends.map((end) => stateAfter(core.changes.slice(0, end)))
          expect(states).toContainEqual(await loaded(directory))
        }
      ),
      { numRuns: 60, endOnFailure: true }
    )
  })
})

/** A core whose entries are all in the store. */
async function restarted(directory: string): Promise<StoredCore> {
  const before = await StoredCore.open(directory, new Faults(), NO_CHECKPOINT)
  before.append(Array.from({ length: 300 }, (_, n) => `1-${n + 1}`))
  await before.storage.close()
  const core = await StoredCore.open(directory, new Faults(), 200)
  core.changes.push(...before.changes)
  return core
}

function stateAfter(changes: readonly Change[]) {
  const streams = new Streams()
  for (const change of changes) streams.apply(change)
  return snapshot(streams)
}
