import { beforeEach, describe, expect, it } from 'vitest'
import { BLOCK_ENTRIES, Block } from '../../../../src/embedded/core/block.ts'
import { appendEntries } from '../../../../src/embedded/core/decide/entries.ts'
import { NO_STORAGE } from '../../../../src/embedded/core/no-storage.ts'
import { Streams } from '../../../../src/embedded/core/streams.ts'
import { BlockCache } from '../../../../src/embedded/store/block-cache.ts'
import { SUMMARY_BYTES } from '../../../../src/embedded/store/block-value.ts'
import { changeTracker } from '../../../../src/embedded/store/checkpoints.ts'
import { DirtySet } from '../../../../src/embedded/store/dirty-set.ts'
import { consumerName } from '../../../../src/embedded/store/keys.ts'
import { decodeConsumer } from '../../../../src/embedded/store/values.ts'
import type { Write } from '../../../../src/embedded/store/write.ts'
import { Core, fieldsJson } from '../../../support/core.ts'

const KINDS = ['root', 'stream', 'group', 'slotPage', 'block', 'consumer', 'dead entry']

let dirty: DirtySet
let core: Core
beforeEach(() => {
  dirty = new DirtySet()
  core = new Core(new Streams({ ...NO_STORAGE, tracker: changeTracker(dirty, new BlockCache(1 << 30)) }))
  core.group()
})

function append(count: number): void {
  const entries = Array.from({ length: count }, (_, n) => ({ fields: fieldsJson({ n: `${n}` }) }))
  core.commit(appendEntries(core.streams, { stream: 'orders', createStream: true, entries }, core.at++))
}

/** Saves everything, and returns the number of values of each kind that it wrote. */
function save(): Record<string, number> {
  const counts: Record<string, number> = {}
  dirty.capture()
  for (const { key } of dirty.writes()) {
    const kind = KINDS[key[0] ?? 0] ?? 'unknown'
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  dirty.saved()
  return counts
}

/** For each block among the writes, whether its first entry exists. */
function haveFirstEntry(writes: Iterable<Write>): boolean[] {
  return blocksAmong(writes).map((block) => block.has(block.firstId))
}

function blocksAmong(writes: Iterable<Write>): Block[] {
  const blocks: Block[] = []
  for (const { key, value } of writes) {
    if (KINDS[key[0] ?? 0] === 'block' && value !== null)
      blocks.push(Block.decode(Buffer.from(value).subarray(SUMMARY_BYTES, -SUMMARY_BYTES)))
  }
  return blocks
}

/** The names of the consumers among the writes, and when they were seen. */
function consumersAmong(writes: Iterable<Write>): [name: string, seenAt: number][] {
  const consumers: [string, number][] = []
  for (const { key, value } of writes) {
    if (KINDS[key[0] ?? 0] !== 'consumer' || value === null) continue
    const { name, seenAt } = decodeConsumer(consumerName(key), Buffer.from(value))
    consumers.push([name, seenAt])
  }
  return consumers
}

describe('a checkpoint', () => {
  it('writes only what changed since the last one', () => {
    append(10 * BLOCK_ENTRIES)
    expect(save()).toEqual({ stream: 1, group: 1, block: 10 })
    expect(dirty.isEmpty).toBe(true)
    append(1)
    expect(save()).toEqual({ stream: 1, block: 1 })
  })

  it('does not write unchanged pending entries again, however many there are', () => {
    append(6400)
    core.read('ann', { count: 6400 })
    expect(save()).toMatchObject({ group: 1, consumer: 1, slotPage: 100 })
    const [first = ''] = core.pending()[0]?.split(' ') ?? []
    core.ack([first])
    expect(save()).toEqual({ slotPage: 1 })
    append(1)
    core.read('bob')
    expect(save()).toEqual({ stream: 1, group: 1, consumer: 1, block: 1, slotPage: 1 })
  })

  it('removes trimmed blocks with a single removal', () => {
    append(10 * BLOCK_ENTRIES)
    save()
    core.trim({ maxLength: BLOCK_ENTRIES })
    dirty.capture()
    expect(dirty.removals).toHaveLength(1)
    expect([...dirty.writes()]).toHaveLength(1)
    dirty.saved()
  })

  it('writes a block as it was at the start, whatever happens to it meanwhile', () => {
    append(2 * BLOCK_ENTRIES)
    const stream = core.streams.stream({ stream: 'orders' })
    dirty.capture()
    // As the store returns it: in a buffer, whose `slice` does not copy.
    const [block] = blocksAmong(dirty.writes()) as [Block]
    dirty.saved()
    dirty.block(stream, block)
    dirty.capture()
    dirty.block(stream, block)
    block.deleteUpTo(block.firstId)
    expect(haveFirstEntry(dirty.writes())).toEqual([true])
    dirty.saved()
    dirty.capture()
    expect(haveFirstEntry(dirty.writes())).toEqual([false])
  })

  it('writes only the consumers that were seen since the last one, however many exist', () => {
    for (let n = 0; n < 10_000; n++) core.ensureConsumer(`worker-${n}`)
    expect(save()).toEqual({ stream: 1, group: 1, consumer: 10_000 })
    core.read('worker-7777')
    dirty.capture()
    const writes = [...dirty.writes()]
    dirty.saved()
    expect(writes.map(({ key }) => KINDS[key[0] ?? 0])).toEqual(['consumer'])
    const bytes = writes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0)
    expect(bytes).toBeLessThan(64)
  })

  it('writes a consumer as it was at the start, whatever happens to it meanwhile', () => {
    for (const name of ['ann', 'bob', 'cid']) core.ensureConsumer(name)
    const seenAt = core.at
    dirty.capture()
    core.at += 1000
    core.read('ann')
    core.deleteConsumer('bob')
    core.ensureConsumer('bob')
    expect(consumersAmong(dirty.writes())).toEqual([
      ['bob', seenAt],
      ['cid', seenAt],
      ['ann', seenAt]
    ])
    dirty.saved()
    dirty.capture()
    expect(dirty.removals).toHaveLength(1)
    expect(consumersAmong(dirty.writes())).toEqual([
      ['ann', core.at],
      ['bob', core.at]
    ])
    dirty.saved()
  })

  it('writes consumers again after a failed one, except for deleted ones', () => {
    for (const name of ['ann', 'bob', 'cid']) core.ensureConsumer(name)
    dirty.capture()
    const [first] = dirty.writes()
    expect(first).toBeDefined()
    core.read('ann')
    core.deleteConsumer('bob')
    dirty.failed()
    core.deleteConsumer('cid')
    dirty.capture()
    expect(consumersAmong(dirty.writes()).map(([name]) => name)).toEqual(['ann'])
    dirty.saved()
    expect(dirty.isEmpty).toBe(true)
  })

  it('writes nothing for a stream that was deleted before it was ever saved', () => {
    append(BLOCK_ENTRIES)
    core.commit({ changes: [{ kind: 'streamDeleted', stream: 'orders' }], answer: undefined })
    expect(save()).toEqual({})
  })
})
