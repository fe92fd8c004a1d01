import { expect } from 'vitest'
import type { Engine } from '../../../src/contract/engine.ts'
import type { EngineErrorCode } from '../../../src/contract/errors.ts'
import { codeOfRefused } from '../fixtures.ts'
import { entries } from '../requests.ts'
import type { It } from '../test-context.ts'

/** The methods that return a promise. If one is missing below, this file does not compile. */
export type AsyncMethod = {
  [M in keyof Engine]: Engine[M] extends (...args: never[]) => Promise<unknown> ? M : never
}[keyof Engine]

type RefusedCall = readonly [call: (engine: Engine) => Promise<unknown>, code: EngineErrorCode]

/** Every method rejects its promise. A handler of the promise would miss a throw. */
export function rejections(it: It): void {
  for (const [method, calls] of Object.entries(CALLS)) {
    it(`of ${method} are rejected promises, never throws`, async ({ engine, orders }) => {
      await engine.ensureStream({ ...orders, onlyNew: true })
      for (const [call, code] of calls) {
        // Not in an async function, which would turn a throw into a rejection.
        let answer: Promise<unknown> | undefined
        expect(() => {
          answer = call(engine)
        }).not.toThrow()
        expect(await codeOfRefused(answer as Promise<unknown>)).toBe(code)
      }
    })
  }
}

const orders = { stream: 'orders' }
const nowhere = { stream: 'nowhere' }
const group = { ...nowhere, group: 'billing' }
const noGroup = { ...orders, group: 'billing' }
const ann = { ...group, consumer: 'ann' }
const range = { from: 0n, to: 9n, limit: 1 }
const page = { limit: 1, cursor: ' ' }
const { signal } = new AbortController()

const reading = { order: 'asc', waitMs: 0 } as const
const creating = { after: 0n, createStream: false, onlyNew: false }
const consuming = { group: 'billing', consumer: 'ann', count: 1, waitMs: 0, noAck: false }
const claiming = { ids: [1n], minIdleMs: 0, force: false, justIds: false }

const CALLS: Record<Exclude<AsyncMethod, 'close' | 'status'>, readonly RefusedCall[]> = {
  listStreams: [[(engine) => engine.listStreams({ ...page, prefix: '' }), 'invalid-request']],
  ensureStream: [[(engine) => engine.ensureStream({ ...orders, onlyNew: true }), 'stream-exists']],
  getStream: [[(engine) => engine.getStream(nowhere), 'stream-not-found']],
  describeStream: [[(engine) => engine.describeStream({ ...nowhere, limit: 1 }), 'stream-not-found']],
  setStreamId: [
    [(engine) => engine.setStreamId({ ...nowhere, lastId: 1n }), 'stream-not-found'],
    [(engine) => engine.setStreamId({ ...orders, lastId: 1n, maxDeletedId: 2n }), 'invalid-request']
  ],
  deleteStream: [[(engine) => engine.deleteStream(nowhere), 'stream-not-found']],
  appendEntries: [
    [
      (engine) => engine.appendEntries({ ...nowhere, entries: entries('*'), createStream: false }),
      'stream-not-found'
    ],
    [
      (engine) => engine.appendEntries({ ...orders, entries: entries('2-0', '1-0'), createStream: false }),
      'id-not-greater'
    ]
  ],
  listEntries: [
    [(engine) => engine.listEntries({ ...nowhere, ...range, ...reading }, signal), 'stream-not-found'],
    [
      (engine) => engine.listEntries({ ...nowhere, ...range, ...reading, from: 'next' }, signal),
      'stream-not-found'
    ]
  ],
  getEntry: [
    [(engine) => engine.getEntry({ ...nowhere, id: 1n }), 'stream-not-found'],
    [(engine) => engine.getEntry({ ...orders, id: 1n }), 'entry-not-found']
  ],
  deleteEntries: [[(engine) => engine.deleteEntries({ ...nowhere, ids: [1n] }), 'stream-not-found']],
  trimStream: [
    [
      (engine) => engine.trimStream({ ...nowhere, trim: { maxLength: 1, approximate: false } }),
      'stream-not-found'
    ]
  ],
  readStreams: [
    [
      (engine) =>
        engine.readStreams({ streams: [{ ...nowhere, after: 'last' }], count: 1, waitMs: 0 }, signal),
      'stream-not-found'
    ]
  ],
  listGroups: [
    [(engine) => engine.listGroups({ ...nowhere, limit: 1 }), 'stream-not-found'],
    [(engine) => engine.listGroups({ ...orders, ...page }), 'invalid-request']
  ],
  ensureGroup: [
    [(engine) => engine.ensureGroup({ ...group, ...creating }), 'stream-not-found'],
    [
      (engine) => engine.ensureGroup({ ...noGroup, ...creating, delivery: { deadLetterStream: 'orders' } }),
      'dead-letter-cycle'
    ],
    [
      (engine) => engine.ensureGroup({ ...noGroup, ...creating, delivery: { deadLetterMaxLength: 1 } }),
      'invalid-request'
    ]
  ],
  getGroup: [
    [(engine) => engine.getGroup(group), 'stream-not-found'],
    [(engine) => engine.getGroup(noGroup), 'group-not-found']
  ],
  updateGroup: [[(engine) => engine.updateGroup({ ...group, after: 'last' }), 'stream-not-found']],
  deleteGroup: [[(engine) => engine.deleteGroup({ ...group, dropPending: true }), 'stream-not-found']],
  readGroups: [
    [(engine) => engine.readGroups({ ...consuming, streams: [nowhere] }, signal), 'stream-not-found'],
    [(engine) => engine.readGroups({ ...consuming, streams: [orders, orders] }, signal), 'invalid-request']
  ],
  ackEntries: [[(engine) => engine.ackEntries({ ...group, ids: [1n] }), 'stream-not-found']],
  nackEntries: [
    [(engine) => engine.nackEntries({ ...group, ids: [1n], outcome: 'retry' }), 'stream-not-found'],
    [(engine) => engine.nackEntries({ ...noGroup, ids: [1n], outcome: 'reject' }), 'group-not-found']
  ],
  extendEntries: [
    [(engine) => engine.extendEntries(ann), 'stream-not-found'],
    [(engine) => engine.extendEntries({ ...noGroup, consumer: 'ann', ids: [1n] }), 'group-not-found']
  ],
  listDead: [
    [(engine) => engine.listDead({ ...group, limit: 1 }), 'stream-not-found'],
    [(engine) => engine.listDead({ ...noGroup, limit: 1 }), 'group-not-found']
  ],
  redriveEntries: [
    [(engine) => engine.redriveEntries({ ...group, limit: 1 }), 'stream-not-found'],
    [(engine) => engine.redriveEntries({ ...noGroup, ids: [1n], limit: 1 }), 'group-not-found']
  ],
  listPending: [[(engine) => engine.listPending({ ...group, ...range, minIdleMs: 0 }), 'stream-not-found']],
  getPendingSummary: [
    [(engine) => engine.getPendingSummary({ ...group, limit: 1 }), 'stream-not-found'],
    [(engine) => engine.getPendingSummary({ ...noGroup, ...page }), 'invalid-request']
  ],
  claimEntries: [[(engine) => engine.claimEntries({ ...ann, ...claiming }), 'stream-not-found']],
  autoClaimEntries: [
    [
      (engine) => engine.autoClaimEntries({ ...ann, minIdleMs: 0, from: 0n, count: 1, justIds: false }),
      'stream-not-found'
    ]
  ],
  listConsumers: [
    [(engine) => engine.listConsumers({ ...group, limit: 1 }), 'stream-not-found'],
    [(engine) => engine.listConsumers({ ...noGroup, ...page }), 'invalid-request']
  ],
  ensureConsumer: [[(engine) => engine.ensureConsumer(ann), 'stream-not-found']],
  deleteConsumer: [[(engine) => engine.deleteConsumer({ ...ann, pending: 'drop' }), 'stream-not-found']]
}
