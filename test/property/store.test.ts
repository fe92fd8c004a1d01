import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EntryId, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { BlockSource } from '../../src/embedded/core/blocks.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { Stream } from '../../src/embedded/core/stream.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { BlockCache } from '../../src/embedded/store/block-cache.ts'
import { changeTracker } from '../../src/embedded/store/checkpoints.ts'
import { DirtySet } from '../../src/embedded/store/dirty-set.ts'
import { consumerKey, deadKey, groupKey, slotPageKey, streamKey } from '../../src/embedded/store/keys.ts'
import { Slices } from '../../src/embedded/store/slices.ts'
import { STORE_FILE, Store } from '../../src/embedded/store/store.ts'
import { StoreFile } from '../../src/embedded/store/store-file.ts'
import { Core } from '../support/core.ts'
import { program, running } from '../support/programs.ts'
import { snapshot } from '../support/snapshot.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'weir-store-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

/** Streams that record whether they are applying a change. */
class WatchedStreams extends Streams {
  static isApplying = false

  override apply(change: Change): void {
    WatchedStreams.isApplying = true
    super.apply(change)
    WatchedStreams.isApplying = false
  }
}

/** A block source that throws if a block is loaded to apply a change. */
function sourceOf(store: Store): BlockSource<Stream> {
  const checked = <T>(block: T): T => {
    if (WatchedStreams.isApplying) throw new Error('A block was loaded to apply a change')
    return block
  }
  return {
    atOrBefore: (stream, id) => checked(store.atOrBefore(stream, id)),
    after: (stream, id) => checked(store.after(stream, id))
  }
}

/** A core on a store, with as little in memory as possible. The list of its changes is its journal. */
class StoreBackedCore {
  readonly store: Store
  readonly dirty = new DirtySet()
  readonly cache = new BlockCache(0)
  readonly core: Core

  constructor(store: Store) {
    this.store = store
    const hooks = { tracker: changeTracker(this.dirty, this.cache), blockSource: sourceOf(store) }
    const streams = new WatchedStreams(hooks)
    const root = store.root()
    if (root !== null) store.load(root, streams, hooks)
    this.core = new Core(streams)
  }

  /** Saves the current state, and calls `meanwhile` after each write. */
  async checkpoint(position: number, meanwhile: () => void, fails: boolean): Promise<void> {
    const { dirty, cache } = this
    dirty.capture()
    const captured = {
      removals: dirty.removals,
      *writes() {
        for (const write of dirty.writes()) {
          yield write
          meanwhile()
        }
        if (fails) throw new Error('The disk is full')
      }
    }
    const saved = this.store.save(
      captured,
      { position, nextNumber: this.core.streams.nextNumber },
      new Slices()
    )
    await saved.then(
      () => {
        for (const [block, { stream }] of dirty.saved()) {
          if (block.live > 0) cache.saved(block, stream)
          else if (stream.evict(block)) cache.dropped(block)
        }
        cache.trim()
      },
      (error) => {
        if (!fails) throw error
        dirty.failed()
      }
    )
  }
}

describe('a store with checkpoints', () => {
  const plan = fc.array(fc.record({ every: fc.integer({ min: 1, max: 12 }), fails: fc.nat(5) }), {
    minLength: 1
  })

  it('reaches the state of all changes from those since the last checkpoint, and reads no block to apply them', async () => {
    await fc.assert(
      fc.asyncProperty(program, plan, async (steps, checkpoints) => {
        rmSync(directory, { recursive: true })
        const store = Store.open(directory)
        const backed = new StoreBackedCore(store)
        const turns = running(backed.core, steps)
        let isOver = false
        const turn = () => {
          isOver ||= turns.next().done === true
        }
        let savedUpTo = 0
        for (let i = 0; !isOver; i++) {
          const { every, fails } = checkpoints[i % checkpoints.length] ?? { every: 1, fails: 1 }
          for (let remaining = every; remaining > 0; remaining--) turn()
          const position = backed.core.changes.length
          await backed.checkpoint(position, turn, fails === 0)
          if (fails !== 0) savedUpTo = position
        }
        const expected = new Streams()
        for (const change of backed.core.changes) expected.apply(change)
        expect(snapshot(backed.core.streams)).toEqual(snapshot(expected))
        const root = store.root()
        expect(root?.position ?? 0).toBe(savedUpTo)
        await store.close()
        const reopened = new StoreBackedCore(Store.open(directory))
        for (const change of backed.core.changes.slice(savedUpTo)) reopened.core.streams.apply(change)
        expect(snapshot(reopened.core.streams)).toEqual(snapshot(expected))
        for (const stream of reopened.core.streams.from('')) stream.settle()
        expect(snapshot(reopened.core.streams)).toEqual(snapshot(expected))
        for (const stream of reopened.core.streams.from('')) {
          const entries = stream.range(MIN_ID, MAX_ID, Number.POSITIVE_INFINITY)
          expect(stream.tombstones).toEqual([])
          expect(stream.sizeBytes).toBe(entries.reduce((sum, { fields }) => sum + fields.length, 0))
        }
        await reopened.store.close()
      }),
      { numRuns: 150, endOnFailure: true }
    )
  })

  it('keeps no key that is no longer needed, after any changes while checkpoints ran or failed', async () => {
    await fc.assert(
      fc.asyncProperty(program, plan, async (steps, checkpoints) => {
        rmSync(directory, { recursive: true })
        const backed = new StoreBackedCore(Store.open(directory))
        const turns = running(backed.core, steps)
        let isOver = false
        const turn = () => {
          isOver ||= turns.next().done === true
        }
        for (let i = 0; !isOver; i++) {
          const { every, fails } = checkpoints[i % checkpoints.length] ?? { every: 1, fails: 1 }
          for (let remaining = every; remaining > 0; remaining--) turn()
          await backed.checkpoint(0, turn, fails < 3)
        }
        await backed.checkpoint(0, () => {}, false)
        const needed = new NeededKeys(backed.core.streams)
        await backed.store.close()
        const file = StoreFile.open(path.join(directory, STORE_FILE), false)
        const keys = file.keys({})
        await file.close()
        expect(keys.filter((key, index) => !needed.has(key, keys[index + 1])).map(hex)).toEqual([])
      }),
      { numRuns: 150, endOnFailure: true }
    )
  })
})

/** The keys of a store that a state needs. Of the key of a block only the first id counts. */
class NeededKeys {
  readonly #keys = new Set<string>()
  readonly #entries = new Map<number, EntryId[]>()

  constructor(streams: Streams) {
    for (const stream of streams.from('')) {
      this.#keys.add(hex(streamKey(stream.number)))
      const entries = stream.range(MIN_ID, MAX_ID, Number.POSITIVE_INFINITY)
      this.#entries.set(
        stream.blockNamespace,
        entries.map(({ id }) => id)
      )
      for (const group of stream.groups.values()) {
        this.#keys.add(hex(groupKey(stream.number, group.number)))
        for (const { name } of group.consumers.values()) this.#keys.add(hex(consumerKey(group.number, name)))
        for (const { id } of group.dead.from(MIN_ID)) this.#keys.add(hex(deadKey(group.number, id)))
        if (group.pending.size > 0) this.#keys.add(hex(slotPageKey(group.number, 0)).slice(0, GROUP_DIGITS))
      }
    }
  }

  /** Whether a key is needed. `next` is the key after it. */
  has(key: Buffer, next: Buffer | undefined): boolean {
    if (key[0] === 0) return true
    if (key[0] === SLOT_PAGE) return this.#keys.has(hex(key).slice(0, GROUP_DIGITS))
    if (key[0] !== BLOCK) return this.#keys.has(hex(key))
    const blockNamespace = key.readUIntBE(1, 6)
    const isFollowed = next !== undefined && next[0] === BLOCK && next.readUIntBE(1, 6) === blockNamespace
    const end = isFollowed ? firstIdIn(next) : MAX_ID + 1n
    return (this.#entries.get(blockNamespace) ?? []).some((id) => id >= firstIdIn(key) && id < end)
  }
}

const [SLOT_PAGE, BLOCK, GROUP_DIGITS] = [3, 4, 14]

function hex(key: Buffer): string {
  return key.toString('hex')
}

function firstIdIn(key: Buffer): EntryId {
  return (key.readBigUInt64BE(7) << 64n) | key.readBigUInt64BE(15)
}
