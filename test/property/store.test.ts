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
import { consumerKey, groupKey, slotPageKey, streamKey } from '../../src/embedded/store/keys.ts'
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

/** Streams that are given no block of the store while a change is applied. */
class Applying extends Streams {
  static isApplying = false

  override apply(change: Change): void {
    Applying.isApplying = true
    super.apply(change)
    Applying.isApplying = false
  }
}

/** A source of blocks that refuses to be asked meanwhile. */
function sourceOf(store: Store): BlockSource<Stream> {
  const ask = <T>(answer: T): T => {
    if (Applying.isApplying) throw new Error('A block was asked for to apply a change')
    return answer
  }
  return {
    atOrBefore: (stream, id) => ask(store.atOrBefore(stream, id)),
    after: (stream, id) => ask(store.after(stream, id))
  }
}

/** A core on a store, with as little in memory as there can be, and a journal that is the list of its changes. */
class Kept {
  readonly store: Store
  readonly dirty = new DirtySet()
  readonly cache = new BlockCache(0)
  readonly core: Core

  constructor(store: Store) {
    this.store = store
    const hooks = { tracker: changeTracker(this.dirty, this.cache), blockSource: sourceOf(store) }
    const streams = new Applying(hooks)
    const root = store.root()
    if (root !== null) store.load(root, streams, hooks)
    this.core = new Core(streams)
  }

  /** Saves the state of this moment, while `meanwhile` goes on between any two writes. */
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

describe('a store that checkpoints go to', () => {
  const plan = fc.array(fc.record({ every: fc.integer({ min: 1, max: 12 }), fails: fc.nat(5) }), {
    minLength: 1
  })

  it('has, with the changes since the last checkpoint, the state that all changes lead to, and is not read to apply them', async () => {
    await fc.assert(
      fc.asyncProperty(program, plan, async (steps, checkpoints) => {
        rmSync(directory, { recursive: true })
        const store = Store.open(directory)
        const kept = new Kept(store)
        const turns = running(kept.core, steps)
        let isOver = false
        const turn = () => {
          isOver ||= turns.next().done === true
        }
        let savedUpTo = 0
        for (let i = 0; !isOver; i++) {
          const { every, fails } = checkpoints[i % checkpoints.length] ?? { every: 1, fails: 1 }
          for (let left = every; left > 0; left--) turn()
          const position = kept.core.changes.length
          await kept.checkpoint(position, turn, fails === 0)
          if (fails !== 0) savedUpTo = position
        }
        const expected = new Streams()
        for (const change of kept.core.changes) expected.apply(change)
        expect(snapshot(kept.core.streams)).toEqual(snapshot(expected))
        const root = store.root()
        expect(root?.position ?? 0).toBe(savedUpTo)
        await store.close()
        const reopened = new Kept(Store.open(directory))
        for (const change of kept.core.changes.slice(savedUpTo)) reopened.core.streams.apply(change)
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

  it('keeps nothing of what is gone, whatever was trimmed, deleted or put back while a checkpoint ran or failed', async () => {
    await fc.assert(
      fc.asyncProperty(program, plan, async (steps, checkpoints) => {
        rmSync(directory, { recursive: true })
        const kept = new Kept(Store.open(directory))
        const turns = running(kept.core, steps)
        let isOver = false
        const turn = () => {
          isOver ||= turns.next().done === true
        }
        for (let i = 0; !isOver; i++) {
          const { every, fails } = checkpoints[i % checkpoints.length] ?? { every: 1, fails: 1 }
          for (let left = every; left > 0; left--) turn()
          await kept.checkpoint(0, turn, fails < 3)
        }
        await kept.checkpoint(0, () => {}, false)
        const needed = new Needed(kept.core.streams)
        await kept.store.close()
        const file = StoreFile.open(path.join(directory, STORE_FILE), false)
        const keys = file.keys({})
        await file.close()
        expect(keys.filter((key, index) => !needed.has(key, keys[index + 1])).map(hex)).toEqual([])
      }),
      { numRuns: 150, endOnFailure: true }
    )
  })
})

/** What a state needs of a store, as its keys are: those of blocks without their last id's place. */
class Needed {
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
        if (group.pending.size > 0) this.#keys.add(hex(slotPageKey(group.number, 0)).slice(0, GROUP_DIGITS))
      }
    }
  }

  /** Whether a key has its place, of which `next` is the one behind it. */
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
