import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/embedded/core/change.ts'
import type { Shelf } from '../../src/embedded/core/home.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { watching } from '../../src/embedded/store/checkpoints.ts'
import { clusterKey, consumerKey, groupKey, streamKey } from '../../src/embedded/store/keys.ts'
import { Memory } from '../../src/embedded/store/memory.ts'
import { Slices } from '../../src/embedded/store/slices.ts'
import { STORE_FILE, Store } from '../../src/embedded/store/store.ts'
import { StoreFile } from '../../src/embedded/store/store-file.ts'
import { Unsaved } from '../../src/embedded/store/unsaved.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../src/entry-id.ts'
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

/** Streams that are given no block of the shelf while a change is applied. */
class Applying extends Streams {
  static isApplying = false

  override apply(change: Change): void {
    Applying.isApplying = true
    super.apply(change)
    Applying.isApplying = false
  }
}

/** A shelf that refuses to be asked meanwhile. */
function shelfOf(store: Store): Shelf {
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
  readonly unsaved = new Unsaved()
  readonly memory = new Memory(0)
  readonly core: Core

  constructor(store: Store) {
    this.store = store
    const home = { watcher: watching(this.unsaved, this.memory), shelf: shelfOf(store) }
    const streams = new Applying(home)
    const root = store.root()
    if (root !== null) store.load(root, streams, home)
    this.core = new Core(streams)
  }

  /** Saves the state of this moment, while `meanwhile` goes on between any two writes. */
  async checkpoint(position: number, meanwhile: () => void, fails: boolean): Promise<void> {
    const { unsaved, memory } = this
    unsaved.capture()
    const captured = {
      removals: unsaved.removals,
      *writes() {
        for (const write of unsaved.writes()) {
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
        for (const [block, { stream }] of unsaved.saved()) {
          if (block.live > 0) memory.saved(block, stream)
          else if (stream.evict(block)) memory.dropped(block)
        }
        memory.trim()
      },
      (error) => {
        if (!fails) throw error
        unsaved.failed()
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
          expect(stream.marks).toEqual([])
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
        stream.shelf,
        entries.map(({ id }) => id)
      )
      for (const group of stream.groups.values()) {
        this.#keys.add(hex(groupKey(stream.number, group.number)))
        for (const { name } of group.consumers.values()) this.#keys.add(hex(consumerKey(group.number, name)))
        if (group.pending.size > 0) this.#keys.add(hex(clusterKey(group.number, 0)).slice(0, GROUP_DIGITS))
      }
    }
  }

  /** Whether a key has its place, of which `next` is the one behind it. */
  has(key: Buffer, next: Buffer | undefined): boolean {
    if (key[0] === 0) return true
    if (key[0] === CLUSTER) return this.#keys.has(hex(key).slice(0, GROUP_DIGITS))
    if (key[0] !== BLOCK) return this.#keys.has(hex(key))
    const shelf = key.readUIntBE(1, 6)
    const isFollowed = next !== undefined && next[0] === BLOCK && next.readUIntBE(1, 6) === shelf
    const end = isFollowed ? firstIdIn(next) : MAX_ID + 1n
    return (this.#entries.get(shelf) ?? []).some((id) => id >= firstIdIn(key) && id < end)
  }
}

const [CLUSTER, BLOCK, GROUP_DIGITS] = [3, 4, 14]

function hex(key: Buffer): string {
  return key.toString('hex')
}

function firstIdIn(key: Buffer): EntryId {
  return (key.readBigUInt64BE(7) << 64n) | key.readBigUInt64BE(15)
}
