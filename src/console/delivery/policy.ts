import type { DeliveryPolicy, Fault } from '../api/answers.ts'
import { exactDuration, parseDuration } from '../durations.ts'
import { count, counted } from '../format.ts'

/** A member of a policy in words. */
export interface Clause {
  readonly member: keyof DeliveryPolicy
  readonly text: string
}

/** A policy in words: a sentence for each of its members. */
export function clausesOf(policy: DeliveryPolicy | null): Clause[] {
  const clauses: Clause[] = []
  const say = (member: keyof DeliveryPolicy, text: string) => clauses.push({ member, text })
  const { ackTimeoutMs, maxDeliveries, retryDelaysMs, deadLetterStream, deadLetterMaxLength } = policy ?? {}
  const { consumerTtlMs, maxPending, maxPendingPerConsumer } = policy ?? {}
  if (ackTimeoutMs !== undefined)
    say(
      'ackTimeoutMs',
      `A worker has ${exactDuration(ackTimeoutMs)} to ack an entry. Then the next reader gets it.`
    )
  if (maxDeliveries !== undefined)
    say(
      'maxDeliveries',
      `An entry is dead after ${counted(maxDeliveries, 'failed delivery', 'failed deliveries')}.`
    )
  if (retryDelaysMs !== undefined && retryDelaysMs.length > 0)
    say('retryDelaysMs', delaysInWords(retryDelaysMs))
  if (deadLetterStream !== undefined) say('deadLetterStream', `Dead entries move to ${deadLetterStream}.`)
  if (deadLetterMaxLength !== undefined)
    say('deadLetterMaxLength', `The stream keeps the latest ${count(deadLetterMaxLength)}.`)
  if (maxPending !== undefined)
    say('maxPending', `No new entries while the group holds ${count(maxPending)}.`)
  if (maxPendingPerConsumer !== undefined)
    say('maxPendingPerConsumer', `No new entries for a consumer that holds ${count(maxPendingPerConsumer)}.`)
  if (consumerTtlMs !== undefined)
    say('consumerTtlMs', `Deleted after ${exactDuration(consumerTtlMs)} if they hold nothing.`)
  return clauses
}

function delaysInWords(delays: readonly number[]): string {
  const [last = 0, ...others] = delays.map((ms) => exactDuration(ms)).reverse()
  if (others.length === 0) return `${last} after each nack.`
  return `${others.reverse().join(', ')}, then ${last} after each nack.`
}

/** The names of a policy's members. The form and the panel of a policy show them in this order. */
export const NAMES: Readonly<Record<keyof DeliveryPolicy, string>> = {
  ackTimeoutMs: 'Time to ack',
  maxDeliveries: 'Maximum deliveries',
  retryDelaysMs: 'Retry delays',
  deadLetterStream: 'Dead-letter stream',
  deadLetterMaxLength: 'Dead letters kept',
  maxPending: 'Maximum pending',
  maxPendingPerConsumer: 'Maximum per consumer',
  consumerTtlMs: 'Idle consumers'
}

/** A policy as the user edits it. An empty text stands for a member that is left out. */
export type Draft = Readonly<Record<keyof DeliveryPolicy, string>>

export function draftOf(policy: DeliveryPolicy | null): Draft {
  const duration = (ms: number | undefined) => (ms === undefined ? '' : exactDuration(ms))
  const number = (value: number | undefined) => (value === undefined ? '' : `${value}`)
  return {
    ackTimeoutMs: duration(policy?.ackTimeoutMs),
    maxDeliveries: number(policy?.maxDeliveries),
    retryDelaysMs: (policy?.retryDelaysMs ?? []).map(exactDuration).join(', '),
    deadLetterStream: policy?.deadLetterStream ?? '',
    deadLetterMaxLength: number(policy?.deadLetterMaxLength),
    maxPending: number(policy?.maxPending),
    maxPendingPerConsumer: number(policy?.maxPendingPerConsumer),
    consumerTtlMs: duration(policy?.consumerTtlMs)
  }
}

const DURATIONS = ['ackTimeoutMs', 'consumerTtlMs'] as const
const NUMBERS = ['maxDeliveries', 'deadLetterMaxLength', 'maxPending', 'maxPendingPerConsumer'] as const

/**
 * Returns the policy that a draft describes, and which of its texts are not durations. Everything else is checked by the
 * server.
 */
export function policyOf(draft: Draft): {
  readonly policy: DeliveryPolicy
  readonly faults: readonly Fault[]
} {
  const faults: Fault[] = []
  const parsed = (member: keyof DeliveryPolicy, text: string) => {
    const ms = parseDuration(text)
    if (ms === null) faults.push({ pointer: pointerOf(member), detail: notADuration(text) })
    return ms ?? 0
  }
  const policy: { -readonly [M in keyof DeliveryPolicy]: DeliveryPolicy[M] } = {}
  for (const member of DURATIONS) if (draft[member] !== '') policy[member] = parsed(member, draft[member])
  for (const member of NUMBERS) if (draft[member] !== '') policy[member] = Number(draft[member])
  if (draft.retryDelaysMs.trim() !== '') {
    policy.retryDelaysMs = draft.retryDelaysMs.split(',').map((text) => parsed('retryDelaysMs', text))
  }
  if (draft.deadLetterStream !== '') policy.deadLetterStream = draft.deadLetterStream
  return { policy, faults }
}

/** The pointer of a member in a request that sets the policy. */
export function pointerOf(member: keyof DeliveryPolicy): string {
  return `/delivery/${member}`
}

export function notADuration(text: string): string {
  return `"${text.trim()}" is not a duration: write a number with a unit, such as 500 ms, 30 s or 5 min`
}
