import type { Engine } from '../../src/contract/engine.ts'
import { MIN_ID } from '../../src/contract/entry-id.ts'
import { id } from '../conformance/fixtures.ts'
import type { AsyncMethod } from '../conformance/operations/rejections.ts'
import { append, autoClaim, claim, list, makeGroup, pending, read } from '../conformance/requests.ts'

export const orders = { stream: 'orders' }
export const billing = { ...orders, group: 'billing' }
export const ann = { ...billing, consumer: 'ann' }
export const page = { limit: 10 }
const never = new AbortController().signal

type Operation = Exclude<AsyncMethod, 'close' | 'status'>
/** An operation, with its case after a space if it is called more than once. */
type Calls = { readonly [K in Operation | `${Operation} ${string}`]?: (engine: Engine) => Promise<unknown> }
type WithoutCase<K> = K extends `${infer O} ${string}` ? O : K

/** Every operation that changes nothing. */
export const READS = {
  listStreams: (engine) => engine.listStreams({ prefix: '', ...page }),
  getStream: (engine) => engine.getStream(orders),
  describeStream: (engine) => engine.describeStream({ ...orders, ...page }),
  getEntry: (engine) => engine.getEntry({ ...orders, id: id('1-0') }),
  listEntries: (engine) => list(engine, orders),
  'listEntries in descending order': (engine) => list(engine, { ...orders, order: 'desc' }),
  'listEntries with waitMs': (engine) => list(engine, { ...orders, from: 'next', waitMs: 10 }),
  readStreams: (engine) =>
    engine.readStreams({ streams: [{ ...orders, after: MIN_ID }], count: 1, waitMs: 0 }, never),
  listGroups: (engine) => engine.listGroups({ ...orders, ...page }),
  getGroup: (engine) => engine.getGroup(billing),
  listDead: (engine) => engine.listDead({ ...billing, ...page }),
  listPending: (engine) => pending(engine, billing),
  getPendingSummary: (engine) => engine.getPendingSummary({ ...billing, ...page }),
  listConsumers: (engine) => engine.listConsumers({ ...billing, ...page })
} satisfies Calls

/** Every operation that may change something. */
export const CHANGES = {
  ensureStream: (engine) => engine.ensureStream({ stream: 'bills', onlyNew: false }),
  'appendEntries of one': (engine) => append(engine, orders, '3-0'),
  'appendEntries of two': (engine) => append(engine, orders, '4-0', '5-0'),
  deleteEntries: (engine) => engine.deleteEntries({ ...orders, ids: [id('1-0')] }),
  trimStream: (engine) => engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } }),
  setStreamId: (engine) => engine.setStreamId({ ...orders, lastId: id('9-0') }),
  ensureGroup: (engine) => makeGroup(engine, { ...orders, group: 'audit' }),
  updateGroup: (engine) => engine.updateGroup({ ...billing, after: 'last' }),
  readGroups: (engine) => read(engine, ann),
  'readGroups with after': (engine) => read(engine, { ...ann, after: '0-0' }),
  'readGroups with claimIdleMs': (engine) => read(engine, { ...ann, claimIdleMs: 0 }),
  ackEntries: (engine) => engine.ackEntries({ ...billing, ids: [id('1-0')] }),
  'nackEntries with retry': (engine) =>
    engine.nackEntries({ ...billing, ids: [id('1-0')], outcome: 'retry' }),
  'nackEntries with reject': (engine) =>
    engine.nackEntries({ ...billing, ids: [id('1-0')], outcome: 'reject' }),
  extendEntries: (engine) => engine.extendEntries(ann),
  redriveEntries: (engine) => engine.redriveEntries({ ...billing, limit: 10 }),
  claimEntries: (engine) => claim(engine, { ...ann, ids: ['1-0'] }),
  autoClaimEntries: (engine) => autoClaim(engine, ann),
  ensureConsumer: (engine) => engine.ensureConsumer({ ...billing, consumer: 'bob' }),
  deleteConsumer: (engine) => engine.deleteConsumer({ ...ann, pending: 'drop' }),
  deleteGroup: (engine) => engine.deleteGroup({ ...billing, dropPending: true }),
  deleteStream: (engine) => engine.deleteStream(orders)
} satisfies Calls

/** Operations that are neither in READS nor in CHANGES. If there are any, this file does not compile. */
type Missing = Exclude<Operation, WithoutCase<keyof typeof READS | keyof typeof CHANGES>>
null as Missing | null satisfies null

/** Creates what the operations use: two entries, and a group in which ann has one of them pending. */
export async function prepare(engine: Engine): Promise<void> {
  await append(engine, orders, '1-0', '2-0')
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count: 1 })
}
