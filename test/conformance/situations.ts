import type { GroupDescription } from '../../src/contract/streams.ts'
import { type Shown, shown } from './fixtures.ts'
import type { Given } from './given.ts'
import { append, makeGroup, read } from './requests.ts'

/*
 * What several tests begin with, and what they look at in the end.
 */

/** Longer than any test takes. */
export const IDLE_MS = 100_000

/** 1-0 to 3-0, all of them new to the group. */
export async function threeOrders({ engine, orders, billing }: Given): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0')
  await makeGroup(engine, billing)
}

/** The same, pending with ann. */
export async function threeDelivered(given: Given): Promise<void> {
  await threeOrders(given)
  await read(given.engine, given.ann)
}

/** What is pending in the group, with when and how often it was delivered. */
export async function deliveries({
  engine,
  orders,
  billing
}: Given): Promise<Shown<GroupDescription['pendingEntries']>> {
  const { groups } = await engine.describeStream({ ...orders, limit: 10 })
  return shown(groups.find(({ name }) => name === billing.group)?.pendingEntries ?? [])
}
