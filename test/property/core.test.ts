import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Group } from '../../src/embedded/core/group.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../src/entry-id.ts'
import type { Core } from '../support/core.ts'
import { program, run } from '../support/programs.ts'
import { snapshot } from '../support/snapshot.ts'

const RUNS = { numRuns: 500 }

function groupsOf(core: Core): Group[] {
  return [...core.streams.from('')].flatMap((stream) => [...stream.groups.values()])
}

describe('any program of operations', () => {
  it('leaves a state that its changes alone lead to again', () => {
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

  it('keeps the three orders of pending entries in agreement', () => {
    const check = (core: Core) => {
      for (const group of groupsOf(core)) {
        const all = [...group.pending.ascend(-1n)]
        expect(all.every((state, i) => i === 0 || (all[i - 1]?.id as EntryId) < state.id)).toBe(true)
        const owned = [...group.consumers.values()].flatMap((owner) => [...group.pending.ascend(-1n, owner)])
        expect(owned.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(all)
        expect(all.every((state) => state.isOrphan !== group.stream.has(state.id))).toBe(true)
        const living = all.filter((state) => group.stream.has(state.id))
        const byTime = living.sort((a, b) => a.deliveredAt - b.deliveredAt || (a.id < b.id ? -1 : 1))
        expect([...group.pending.byTime()]).toEqual(byTime)
      }
    }
    fc.assert(
      fc.property(program, (steps) => {
        run(steps, check)
      }),
      RUNS
    )
  })

  it('has an entry owned by one consumer of a group at most, and by none while it is to be delivered', () => {
    const check = (core: Core) => {
      for (const group of groupsOf(core)) {
        const owned = [...group.consumers.values()].flatMap((owner) => [...group.pending.ascend(-1n, owner)])
        expect(new Set(owned.map((state) => `${state.id}`)).size).toBe(owned.length)
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

  it('gives ids that only grow', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const lastIds = new Map<string, EntryId>()
        for (const change of run(steps).changes) {
          if (change.kind === 'streamDeleted') lastIds.delete(change.stream)
          // The one operation that is there to put the last id back, where nothing lies above.
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

  it('counts every entry of a stream: appended is what is there, was trimmed or was deleted', () => {
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

  it('knows the size of its entries at any time', () => {
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
