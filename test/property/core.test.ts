import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EntryId, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { Decision } from '../../src/embedded/core/decide/decision.ts'
import type { Group } from '../../src/embedded/core/group.ts'
import type { PendingState } from '../../src/embedded/core/pending/pending-list.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { Quotas } from '../../src/embedded/quotas.ts'
import { Core } from '../support/core.ts'
import { program, run, running } from '../support/programs.ts'
import { snapshot } from '../support/snapshot.ts'

const RUNS = { numRuns: 500 }

function groupsOf(core: Core): Group[] {
  return [...core.streams.from('')].flatMap((stream) => [...stream.groups.values()])
}

/** More streams, groups and consumers than a program creates, but few pending entries. */
const LIMITS = { streams: 10, groups: 10, consumers: 100, pending: 6 }

/** A core that checks and counts its changes against quotas. */
class CountedCore extends Core {
  readonly quotas = new Quotas(this.streams, LIMITS)

  override get pendingLeft(): number {
    return this.quotas.pendingLeft
  }

  override commit<A>(decision: Decision<A>): A {
    this.quotas.admit(decision.changes)
    for (const change of decision.changes) {
      this.quotas.apply(change)
      this.changes.push(change)
    }
    return decision.answer
  }
}

describe('any program of operations', () => {
  it('has its streams, groups, consumers and pending entries counted, and the last ones limited', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const core = new CountedCore()
        let before = { pending: 0, changes: 0 }
        for (const _ of running(core, steps)) {
          const groups = groupsOf(core)
          const pending = groups.reduce(
            (sum, group) => sum + group.pending.size + group.returned.size + group.dead.size,
            0
          )
          const consumers = groups.reduce((sum, { consumers }) => sum + consumers.size, 0)
          const streams = [...core.streams.from('')].length
          expect(core.quotas.counts).toEqual({ streams, groups: groups.length, consumers, pending })
          // Entries that nobody received are returned whatever the limit.
          const isUndo = core.changes.slice(before.changes).some(({ kind }) => kind === 'returned')
          if (!isUndo) expect(pending).toBeLessThanOrEqual(Math.max(before.pending, LIMITS.pending))
          before = { pending, changes: core.changes.length }
        }
        expect(new Quotas(core.streams, LIMITS).counts).toEqual(core.quotas.counts)
      }),
      RUNS
    )
  })

  it('leads to a state that its changes alone reproduce', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const core = run(steps)
        const replayed = new Streams()
        for (const change of core.changes) replayed.apply(change)
        expect(snapshot(replayed)).toEqual(snapshot(core.streams))
      }),
      RUNS
    )
  })

  it('keeps the orders of pending entries in agreement', () => {
    const check = (core: Core) => {
      for (const group of groupsOf(core)) {
        const all = [...group.pending.ascend(-1n)]
        expect(all.every((state, i) => i === 0 || (all[i - 1]?.id as EntryId) < state.id)).toBe(true)
        const owned = [...group.consumers.values()].flatMap((owner) => [...group.pending.ascend(-1n, owner)])
        const nacked = all.filter(({ owner }) => owner === null)
        expect([...owned, ...nacked].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(all)
        expect(all.every((state) => state.isOrphan !== group.stream.has(state.id))).toBe(true)
        const inTime = (states: PendingState[]) =>
          states.sort((a, b) => a.deliveredAt - b.deliveredAt || (a.id < b.id ? -1 : 1))
        const { pending } = group
        expect([...pending.byTime()]).toEqual(inTime(owned.filter(({ isOrphan }) => !isOrphan)))
        expect([...pending.orphans()]).toEqual(inTime(owned.filter(({ isOrphan }) => isOrphan)))
        expect([...pending.nacked()]).toEqual(inTime(nacked))
        expect(pending.delayedAfter(core.at)).toBe(
          nacked.filter(({ deliveredAt }) => deliveredAt > core.at).length
        )
      }
    }
    fc.assert(
      fc.property(program, (steps) => {
        run(steps, check)
      }),
      RUNS
    )
  })

  it('leaves an entry with at most one owner in a group, and with none while it is returned or dead', () => {
    const check = (core: Core) => {
      for (const group of groupsOf(core)) {
        const owned = [...group.consumers.values()].flatMap((owner) => [...group.pending.ascend(-1n, owner)])
        expect(new Set(owned.map((state) => `${state.id}`)).size).toBe(owned.length)
        for (const { id } of group.dead.from(0n)) {
          expect(group.pending.get(id)).toBeUndefined()
          expect(group.hasReturned(id)).toBe(false)
        }
        for (const id of group.returned.ascend()) {
          expect(group.pending.get(id)).toBeUndefined()
          expect(group.stream.has(id) && id <= group.lastDeliveredId).toBe(true)
        }
      }
    }
    fc.assert(
      fc.property(program, (steps) => {
        run(steps, check)
      }),
      RUNS
    )
  })

  it('generates ids that only grow', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const lastIds = new Map<string, EntryId>()
        for (const change of run(steps).changes) {
          if (change.kind === 'streamDeleted') lastIds.delete(change.stream)
          // The only operation that may move the last id back, as far as no entry is above.
          if (change.kind === 'streamIdSet') lastIds.set(change.stream, change.lastId)
          if (change.kind !== 'appended') continue
          for (const { id } of change.entries) {
            expect(id > (lastIds.get(change.stream) ?? 0n)).toBe(true)
            lastIds.set(change.stream, id)
          }
        }
      }),
      RUNS
    )
  })

  it('leaves in a stream all appended entries that were not trimmed or deleted', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const core = run(steps)
        const expected = new Map<string, number>()
        const add = (stream: string, n: number) => expected.set(stream, (expected.get(stream) ?? 0) + n)
        for (const change of core.changes) {
          if (change.kind === 'streamDeleted') expected.delete(change.stream)
          if (change.kind === 'appended') add(change.stream, change.entries.length)
          if (change.kind === 'trimmed') add(change.stream, -change.count)
          if (change.kind === 'entriesDeleted') add(change.stream, -change.ids.length)
        }
        for (const stream of core.streams.from('')) {
          expect(stream.length).toBe(expected.get(stream.name) ?? 0)
          expect(stream.range(MIN_ID, MAX_ID, Number.POSITIVE_INFINITY)).toHaveLength(stream.length)
        }
      }),
      RUNS
    )
  })

  it('keeps the size of a stream equal to that of its entries', () => {
    const check = (core: Core) => {
      for (const stream of core.streams.from('')) {
        const entries = stream.range(MIN_ID, MAX_ID, Number.POSITIVE_INFINITY)
        expect(stream.sizeBytes).toBe(entries.reduce((sum, { fields }) => sum + fields.length, 0))
      }
    }
    fc.assert(
      fc.property(program, (steps) => {
        run(steps, check)
      }),
      RUNS
    )
  })
})
