import { vi } from 'vitest'
import type { DeadEntry, RedriveAnswer, RedriveRequest } from '../../src/contract/dead.ts'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import type { Engine } from '../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { ExtendAnswer, NackAnswer, NackOutcome, NackRequest } from '../../src/contract/pending.ts'
import type { ConsumerRef, GroupRef, StreamRef } from '../../src/contract/refs.ts'
import { id, type Shown, shown } from './fixtures.ts'
import { append, makeGroup, pending } from './requests.ts'
import type { TestContext } from './test-context.ts'

/*
 * Requests about delivery policies, with defaults for what most tests do not care about.
 */

/** Appends an entry for each id, and creates a group with a policy that has read none of them. */
export async function ordersWith(
  { engine, orders, billing }: TestContext,
  delivery: DeliveryPolicy,
  ...texts: string[]
): Promise<void> {
  if (texts.length > 0) await append(engine, orders, ...texts)
  await makeGroup(engine, billing, { delivery })
}

export async function setPolicy(engine: Engine, group: GroupRef, delivery: DeliveryPolicy): Promise<void> {
  await engine.updateGroup({ stream: group.stream, group: group.group, delivery })
}

/** A stream for dead letters of `orders`. On a Cluster, it is in the same slot. */
export function lettersOf({ stream }: StreamRef): { readonly stream: string } {
  return { stream: `{${stream}}.dead` }
}

type NackOptions = Partial<Pick<NackRequest, 'consumer' | 'delayMs' | 'reason'>>

/** Nacks entries, by default of any consumer. */
export async function nack(
  engine: Engine,
  { stream, group }: GroupRef,
  outcome: NackOutcome,
  texts: readonly string[],
  options: NackOptions = {}
): Promise<Shown<NackAnswer>> {
  return shown(await engine.nackEntries({ stream, group, outcome, ids: texts.map(id), ...options }))
}

/** Extends the named entries, or without names what the consumer holds. */
export async function extend(
  engine: Engine,
  consumer: ConsumerRef,
  texts?: readonly string[]
): Promise<Shown<ExtendAnswer>> {
  return shown(await engine.extendEntries({ ...consumer, ...(texts && { ids: texts.map(id) }) }))
}

/** The dead entries of a group, all on one page. */
export async function deadOf(
  engine: Engine,
  { stream, group }: GroupRef
): Promise<readonly Shown<DeadEntry>[]> {
  return shown(await engine.listDead({ stream, group, limit: 1000 })).dead
}

type RedriveOptions = { readonly ids?: readonly string[] } & Partial<Omit<RedriveRequest, 'ids'>>

export async function redrive(
  engine: Engine,
  { stream, group }: GroupRef,
  { ids, ...options }: RedriveOptions = {}
): Promise<Shown<RedriveAnswer>> {
  const named = ids === undefined ? {} : { ids: ids.map(id) }
  return shown(await engine.redriveEntries({ stream, group, limit: 1000, ...options, ...named }))
}

/** Every pending entry of a group, with its state. */
export async function pendingStates(engine: Engine, { stream, group }: GroupRef) {
  const range = { from: MIN_ID, to: MAX_ID, limit: 1000, minIdleMs: 0 }
  return shown(await engine.listPending({ stream, group, ...range }))
}

/** Each pending entry as "id state consumer×deliveries". An entry in nobody's hands has the consumer "-". */
export async function pendingTexts(engine: Engine, group: GroupRef): Promise<string[]> {
  return (await pendingStates(engine, group)).map(
    ({ id, state, consumer, deliveries }) => `${id} ${state} ${consumer ?? '-'}×${deliveries}`
  )
}

/** Resolves when these entries of the group are dead, in the order of their ids, and nothing else. */
export async function untilDead(engine: Engine, group: GroupRef, ...texts: string[]): Promise<void> {
  const expected = texts.join()
  await until(async () => (await deadOf(engine, group)).map((one) => one.id).join() === expected)
}

/** Resolves when nothing of the group is pending. */
export function untilNonePending(engine: Engine, group: GroupRef): Promise<void> {
  return until(async () => (await pending(engine, group)).length === 0)
}

/** Waits for something that an engine does by itself. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, { interval: 5, timeout: 15_000 })
}
