import type { DeliveryPolicy } from '../../contract/delivery-policy.ts'
import { policyOrNull } from '../../semantics/delivery-policy.ts'
import type { Death } from '../core/dead-entries.ts'
import type { ByteReader } from './byte-reader.ts'
import { type ByteWriter, MAX_ID_BYTES, MAX_VARINT_BYTES } from './byte-writer.ts'

/*
 * Delivery policies and deaths, in the journal as in the store.
 */

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The numbers, in the order in which they are written. */
const NUMBERS = [
  'ackTimeoutMs',
  'maxDeliveries',
  'deadLetterMaxLength',
  'consumerTtlMs',
  'maxPending',
  'maxPendingPerConsumer'
] as const

/** A UTF-16 code unit is at most three bytes of UTF-8. */
const UNIT_BYTES = 3

/** Returns an upper bound of what `writePolicy` writes. */
export function maxPolicyBytes(policy: DeliveryPolicy | null): number {
  const { retryDelaysMs = [], deadLetterStream = '' } = policy ?? {}
  const numbers = NUMBERS.length + 2 + retryDelaysMs.length
  return NUMBERS.length + 1 + numbers * MAX_VARINT_BYTES + UNIT_BYTES * deadLetterStream.length
}

/** Writes a flag for each member, and the member if it is there. Null is written like a policy without members. */
export function writePolicy(to: ByteWriter, policy: DeliveryPolicy | null): void {
  const { deadLetterStream, retryDelaysMs = [], ...numbers } = policy ?? {}
  for (const name of NUMBERS) to.varintOrNull(numbers[name] ?? null)
  textOrNull(to, deadLetterStream ?? null)
  to.varint(retryDelaysMs.length)
  for (const delayMs of retryDelaysMs) to.varint(delayMs)
}

/** Throws a RangeError on anything that `writePolicy` does not write. */
export function readPolicy(from: ByteReader): DeliveryPolicy | null {
  const policy: Mutable<DeliveryPolicy> = {}
  for (const name of NUMBERS) {
    const value = from.varintOrNull()
    if (value !== null) policy[name] = value
  }
  if (from.flag()) policy.deadLetterStream = from.text()
  const delays = Array.from({ length: from.count(1) }, () => from.varint())
  if (delays.length > 0) policy.retryDelaysMs = delays
  return policyOrNull(policy)
}

/** Returns an upper bound of what `writeDeath` writes, with the id. */
export function maxDeathBytes({ consumer, reason }: Omit<Death, 'id'>): number {
  const units = (consumer?.length ?? 0) + (reason?.length ?? 0)
  return MAX_ID_BYTES + 4 * MAX_VARINT_BYTES + 2 + UNIT_BYTES * units
}

/** Writes everything but the id. */
export function writeDeath(
  to: ByteWriter,
  { deliveries, consumer, reason, deadAt }: Omit<Death, 'id'>
): void {
  textOrNull(to.varint(deliveries), consumer)
  textOrNull(to, reason)
  to.varint(deadAt)
}

/** Throws a RangeError on anything that `writeDeath` does not write. */
export function readDeath(from: ByteReader): Omit<Death, 'id'> {
  return {
    deliveries: from.varint(),
    consumer: from.flag() ? from.text() : null,
    reason: from.flag() ? from.text() : null,
    deadAt: from.varint()
  }
}

function textOrNull(to: ByteWriter, text: string | null): void {
  if (text === null) to.byte(0)
  else to.byte(1).text(text)
}
