import type { GroupDescription } from '../../src/contract/streams.ts'
import { type Shown, shown } from './fixtures.ts'
import { append, makeGroup, read } from './requests.ts'
import type { TestContext } from './test-context.ts'

/*
 * Situations that several tests begin with, and what they compare afterwards.
 */

/** Longer than any test takes. */
export const IDLE_MS = 100_000

/** 1-0 to 3-0, all new to the group. */
export async function threeOrders({ engine, orders, billing }: TestContext): Promise<void> {
  await append(engine, orders, '1-0', '2-0', '3-0')
  await makeGroup(engine, billing)
}

/** 1-0 to 3-0, pending with ann. */
export async function threeDelivered(context: TestContext): Promise<void> {
  await threeOrders(context)
  await read(context.engine, context.ann)
}

/** The pending entries of the group, with the time and number of their deliveries. */
export async function deliveries({
  engine,
  orders,
  billing
}: TestContext): Promise<Shown<GroupDescription['pendingEntries']>> {
  const { groups } = await engine.describeStream({ ...orders, limit: 10 })
  return shown(groups.find(({ name }) => name === billing.group)?.pendingEntries ?? [])
}
