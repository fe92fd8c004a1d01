import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeliveryPolicy } from '../../../src/contract/delivery-policy.ts'
import { entryId } from '../../../src/contract/entry-id.ts'
import { ByteWriter } from '../../../src/embedded/bytes/byte-writer.ts'
import type { Change } from '../../../src/embedded/core/change.ts'
import { Stream } from '../../../src/embedded/core/stream.ts'
import { maxChangeBytes, writeChange } from '../../../src/embedded/journal/change-bytes.ts'
import {
  encodeConsumer,
  encodeDeath,
  encodeGroup,
  encodeRoot,
  encodeStream,
  FORMAT_VERSION
} from '../../../src/embedded/store/values.ts'
import { changeOf } from '../../support/changes.ts'
import { layoutsOf, membersIn } from '../../support/on-disk-format.ts'

const PAGE = readFileSync(new URL('../../../docs/on-disk-format.md', import.meta.url), 'utf8')
const CHANGES = layoutsOf(PAGE, /^ ?(\d+) (\w+) *(.*)$/)
const VALUES = layoutsOf(PAGE, /^()(root|stream|group|consumer|death) +(.*)$/)

describe('docs/on-disk-format.md', () => {
  it('lists every kind of change', () => {
    expect([...CHANGES.keys()].sort()).toEqual(Object.keys(changeOf).sort())
  })

  it.each(Object.entries(changeOf))('suffices to read %s from the journal', (kind, changes) => {
    const layout = CHANGES.get(kind)
    fc.assert(
      fc.property(changes as fc.Arbitrary<Change>, (change) => {
        const read = membersIn(bytesOf(change), [
          { name: 'number', type: 'byte' },
          { name: 'stream', type: 'text' },
          ...(layout?.items ?? [])
        ])
        expect(read).toEqual({ number: layout?.number, ...documented(change) })
      })
    )
  })

  it('suffices to read a root, a stream, a group, a consumer and a death from the store', () => {
    const [first, last] = [entryId(1, 0), entryId(2, 0)]
    const stream = new Stream('orders', 7)
    const fields = Buffer.from('{"item":"book"}')
    stream.append([
      { id: first, fields },
      { id: last, fields }
    ])
    const policy = { ackTimeoutMs: 1000, retryDelaysMs: [1, 2], deadLetterStream: 'letters' }
    const position = { lastDeliveredId: first, entriesRead: null, returned: [first, last], nextConsumer: 3 }
    const values = { ...position, policyAt: 99, policy }
    expect(read('root', encodeRoot({ position: 4096, nextNumber: 8 }))).toEqual({
      'format version': FORMAT_VERSION,
      'journal position': 4096,
      'next number': 8
    })
    expect(read('stream', encodeStream(stream))).toEqual({
      name: 'orders',
      number: 7,
      'block namespace': 7,
      lastId: last,
      maxDeletedId: 0n,
      deletedUpTo: 0n,
      entriesAdded: 2,
      length: 2,
      'trimmed through': 0n,
      'bytes of all fields': 2 * fields.length,
      tombstones: [],
      repeated: []
    })
    expect(read('group', encodeGroup({ name: 'billing', values }))).toEqual({
      name: 'billing',
      lastDeliveredId: first,
      entriesRead: null,
      'number of the next consumer': 3,
      returned: [first, last],
      policyAt: 99,
      ...documentedPolicy(policy)
    })
    const death = { id: first, deliveries: 5, consumer: 'ann', reason: null, deadAt: 1234 }
    expect(read('death', encodeDeath(death))).toEqual({
      deliveries: 5,
      deadAt: 1234,
      consumer: 'ann',
      reason: null
    })
    expect(read('consumer', encodeConsumer({ number: 1, seenAt: 1000, activeAt: 500 }))).toEqual({
      number: 1,
      seenAt: 1000,
      activeAt: 500
    })
  })
})

function read(value: string, bytes: Uint8Array): Record<string, unknown> {
  return membersIn(bytes, VALUES.get(value)?.items ?? [])
}

function bytesOf(change: Change): Uint8Array {
  const writer = new ByteWriter(16)
  writer.reserve(maxChangeBytes(change))
  writeChange(writer, change)
  return Buffer.from(writer.slice(0, writer.at))
}

/** The members of a change under the names on the page. */
function documented({ kind, ...members }: Change): Record<string, unknown> {
  const { entries, claims, bytes, ...others } = members as Record<string, unknown>
  if (kind === 'appended') return { ...others, count: (entries as unknown[]).length, repeated: entries }
  if (kind === 'claimed') return { ...others, count: (claims as unknown[]).length, repeated: claims }
  if (kind === 'entriesDeleted')
    return { ...others, repeated: (bytes as number[]).map((each) => ({ bytes: each })) }
  if (kind === 'nacked') return repeatedIn(others, 'nacks')
  if (kind === 'died') return repeatedIn(others, 'deaths')
  if (kind === 'policySet') {
    const { policy, ...rest } = others
    return { ...rest, ...documentedPolicy(policy as DeliveryPolicy | null) }
  }
  return members
}

function repeatedIn(members: Record<string, unknown>, name: string) {
  const { [name]: repeated, ...others } = members
  return { ...others, count: (repeated as unknown[]).length, repeated }
}

/** Absent members are null, and so are all members of an absent policy. */
function documentedPolicy(policy: DeliveryPolicy | null): Record<string, unknown> {
  const { retryDelaysMs = [], ...members } = policy ?? {}
  const delays = { count: retryDelaysMs.length, repeated: retryDelaysMs.map((delayMs) => ({ delayMs })) }
  return { ...ABSENT, ...members, ...delays }
}

const ABSENT = {
  ackTimeoutMs: null,
  maxDeliveries: null,
  deadLetterMaxLength: null,
  consumerTtlMs: null,
  maxPending: null,
  maxPendingPerConsumer: null,
  deadLetterStream: null
}
