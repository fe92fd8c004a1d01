import fc from 'fast-check'
import type { DeliveryPolicy } from '../../../src/contract/delivery-policy.ts'
import type { NackOutcome } from '../../../src/contract/pending.ts'

/*
 * Random programs for a group with a delivery policy, as plain values that can be printed and made smaller. Times are
 * in tenths of the usual lease.
 */

export const WORKERS = ['ann', 'bob', 'cid'] as const
export type Worker = (typeof WORKERS)[number]

/** Entries, by numbers that the run maps to ids: to entries that the worker holds, if it holds any. */
type Picks = readonly number[]

export interface SomeNack {
  readonly picks: Picks
  readonly outcome: NackOutcome
  readonly delay?: number
}

export type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'read'; readonly worker: Worker; readonly count: number; readonly hangsUp: boolean }
  | {
      readonly kind: 'work'
      readonly worker: Worker
      readonly count: number
      readonly ack: Picks
      readonly nack: SomeNack
    }
  | { readonly kind: 'wait'; readonly worker: Worker; readonly count: number }
  | { readonly kind: 'reread'; readonly worker: Worker }
  | { readonly kind: 'ack'; readonly worker: Worker; readonly picks: Picks; readonly isFenced: boolean }
  | ({ readonly kind: 'nack'; readonly worker: Worker; readonly isFenced: boolean } & SomeNack)
  | { readonly kind: 'extend'; readonly worker: Worker; readonly picks: Picks | null }
  | { readonly kind: 'claim'; readonly worker: Worker; readonly picks: Picks; readonly justIds: boolean }
  | { readonly kind: 'autoClaim'; readonly worker: Worker; readonly idle: number }
  | { readonly kind: 'policy'; readonly policy: number }
  | { readonly kind: 'redrive'; readonly limit: number }
  | { readonly kind: 'delete'; readonly picks: Picks }
  | { readonly kind: 'leave'; readonly worker: Worker; readonly pending: 'keep' | 'drop' | 'release' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'pass'; readonly time: number }

export type Program = readonly Step[]

/** The policies that programs choose from, for a lease of this length. */
export function policies(leaseMs: number, deadLetterStream: string): readonly DeliveryPolicy[] {
  const ackTimeoutMs = leaseMs
  return [
    { ackTimeoutMs },
    { ackTimeoutMs, maxDeliveries: 2 },
    { ackTimeoutMs, maxDeliveries: 1, deadLetterStream },
    { ackTimeoutMs, maxDeliveries: 2, deadLetterStream, deadLetterMaxLength: 1000 },
    { ackTimeoutMs: 2 * leaseMs, maxDeliveries: 3, retryDelaysMs: [leaseMs, 2 * leaseMs] },
    { ackTimeoutMs, maxPending: 3 },
    { ackTimeoutMs, maxPendingPerConsumer: 2, maxDeliveries: 2 },
    { ackTimeoutMs, consumerTtlMs: 3 * leaseMs, retryDelaysMs: [leaseMs] },
    { maxDeliveries: 2 },
    {}
  ]
}

const POLICIES = policies(1, '').length

const worker = fc.constantFrom(...WORKERS)
const count = fc.integer({ min: 1, max: 4 })
const picks = fc.array(fc.nat(40), { minLength: 1, maxLength: 3 })
const outcome = fc.constantFrom<NackOutcome>('retry', 'retry', 'release', 'reject')
const someNack: fc.Arbitrary<SomeNack> = fc.record(
  { picks, outcome, delay: fc.nat(20) },
  { requiredKeys: ['picks', 'outcome'] }
)
const oneIn = (n: number) => fc.nat(n - 1).map((one) => one === 0)

function step<K extends Step['kind']>(
  kind: K,
  members: { [M in Exclude<keyof Extract<Step, { kind: K }>, 'kind'>]: fc.Arbitrary<unknown> }
): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constant(kind), ...members }) as fc.Arbitrary<unknown> as fc.Arbitrary<Step>
}

const steps = fc.oneof(
  { weight: 10, arbitrary: step('append', { count }) },
  { weight: 14, arbitrary: step('read', { worker, count, hangsUp: oneIn(6) }) },
  { weight: 8, arbitrary: step('work', { worker, count, ack: picks, nack: someNack }) },
  { weight: 6, arbitrary: step('wait', { worker, count }) },
  { weight: 2, arbitrary: step('reread', { worker }) },
  { weight: 8, arbitrary: step('ack', { worker, picks, isFenced: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(worker, oneIn(2), someNack)
      .map(([worker, isFenced, nack]): Step => ({ kind: 'nack', worker, isFenced, ...nack }))
  },
  { weight: 5, arbitrary: step('extend', { worker, picks: fc.option(picks) }) },
  { weight: 3, arbitrary: step('claim', { worker, picks, justIds: oneIn(4) }) },
  { weight: 2, arbitrary: step('autoClaim', { worker, idle: fc.nat(20) }) },
  { weight: 4, arbitrary: step('policy', { policy: fc.nat(POLICIES - 1) }) },
  { weight: 3, arbitrary: step('redrive', { limit: count }) },
  { weight: 2, arbitrary: step('delete', { picks }) },
  { weight: 2, arbitrary: step('leave', { worker, pending: fc.constantFrom('keep', 'drop', 'release') }) },
  { weight: 2, arbitrary: step('restart', {}) },
  { weight: 14, arbitrary: step('pass', { time: fc.integer({ min: 1, max: 25 }) }) }
)

export const programs: fc.Arbitrary<Program> = fc.array(steps, { minLength: 5, maxLength: 50, size: 'max' })
