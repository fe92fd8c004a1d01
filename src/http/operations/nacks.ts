import { type Static, Type } from '@sinclair/typebox'
import type { GroupReadPlace, Settled } from '../../contract/deliveries.ts'
import { POLICY_LIMITS } from '../../contract/delivery-policy.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import type { Nack as EngineNack, NackOutcome } from '../../contract/pending.ts'
import type { Metrics } from '../../metrics.ts'
import type { IdReader } from '../ids.ts'
import { type Fault, invalidRequest, MAX_FAULTS } from '../problems/problem.ts'
import { Within } from './delivery-policy.ts'
import { Closed, Id, Ids, MAX_ITEMS, OneOf } from './schemas.ts'

const [, MAX_REASON_BYTES] = POLICY_LIMITS.reasonBytes

/** The members of a nack, in a request for it and in a read. */
export const nackMembers = {
  ids: Ids('The ids of the entries to nack.'),
  outcome: OneOf(['retry', 'release', 'reject'], {
    $id: 'NackOutcome',
    description:
      '`retry`: the delivery failed, and the entry is delivered again later, or is dead if it has no deliveries left. `release`: the delivery does not count, and the entry is due at once. `reject`: the entry is dead at once.'
  }),
  delayMs: Type.Optional(
    Within(
      POLICY_LIMITS.delayMs,
      "How long to wait before the entry is delivered again, in milliseconds, instead of the delay of the group's delivery policy. Only with `retry`."
    )
  ),
  reason: Type.Optional(
    Type.String({
      maxLength: MAX_REASON_BYTES,
      description: `Why the delivery failed, in at most ${MAX_REASON_BYTES} bytes of UTF-8. It is kept if the entry is dead.`,
      examples: ['The card was declined']
    })
  )
}

const Nack = Closed(nackMembers, { $id: 'Nack', description: 'Entries to nack with the same outcome.' })

/** The members of a read that settle earlier entries. */
export const settleMembers = {
  ack: Type.Optional(
    Type.Array(Id('The id of an entry.'), {
      maxItems: MAX_ITEMS,
      description:
        'Ack these entries before reading, if they are pending for the consumer. The list may be empty.'
    })
  ),
  nack: Type.Optional(
    Type.Array(Nack, {
      maxItems: MAX_ITEMS,
      description: `Nack these entries before reading, if they are pending for the consumer. The list may be empty. A request acks and nacks at most ${MAX_ITEMS} entries.`
    })
  )
}

type NackBody = Omit<Static<typeof Nack>, 'ids'>
interface SettleBody {
  readonly ack?: readonly string[]
  readonly nack?: readonly Static<typeof Nack>[]
}

/** Throws invalid-request if members of a nack contradict each other or are too long. */
export function refuseBadNack(nack: NackBody): void {
  const faults = [...nackFaults(nack, '')]
  if (faults.length > 0) throw invalidRequest(faults)
}

/** Whether a read settles anything in a stream. */
export function settles({ ack, nack }: { readonly ack?: unknown; readonly nack?: unknown }): boolean {
  return ack !== undefined || nack !== undefined
}

/** Throws invalid-request if a read settles too many entries, or has an invalid nack. */
export function refuseBadSettling(places: readonly SettleBody[], partOf: (index: number) => string): void {
  if (!places.some(settles)) return
  const faults: Fault[] = []
  let count = 0
  for (const [index, { ack = [], nack = [] }] of places.entries()) {
    const part = partOf(index)
    const add = (ids: number, pointer: string) => {
      if (count <= MAX_ITEMS && count + ids > MAX_ITEMS) faults.push({ pointer, detail: TOO_MANY })
      count += ids
    }
    add(ack.length, `${part}/ack`)
    for (const [at, one] of nack.entries()) {
      add(one.ids.length, `${part}/nack/${at}/ids`)
      faults.push(...nackFaults(one, `${part}/nack/${at}`))
    }
  }
  if (faults.length > 0) throw invalidRequest(faults.slice(0, MAX_FAULTS))
}

const TOO_MANY = `A request can ack and nack at most ${MAX_ITEMS} entries`

function* nackFaults({ outcome, delayMs, reason = '' }: NackBody, part: string): Generator<Fault> {
  if (delayMs !== undefined && outcome !== 'retry')
    yield { pointer: `${part}/delayMs`, detail: `Cannot be combined with the outcome "${outcome}"` }
  const bytes = Buffer.byteLength(reason)
  if (bytes > MAX_REASON_BYTES) {
    const detail = `Must have at most ${MAX_REASON_BYTES} bytes of UTF-8, got ${bytes}`
    yield { pointer: `${part}/reason`, detail }
  }
}

/** What a read settles in one stream, for the engine. */
export function settling(
  { ack, nack }: SettleBody,
  part: string,
  ids: IdReader
): Pick<GroupReadPlace, 'ack' | 'nack'> {
  return {
    ...(ack !== undefined && { ack: ids.ids(ack, `${part}/ack`) }),
    ...(nack !== undefined && {
      nack: nack.map((one, at) => ({ ...one, ids: ids.ids(one.ids, `${part}/nack/${at}/ids`) }))
    })
  }
}

/** Counts what a read has settled. */
export function countSettled(
  metrics: Metrics,
  places: readonly GroupReadPlace[],
  settled: readonly Settled[] = []
): void {
  for (const [index, { acked, nacked, notPending }] of settled.entries()) {
    metrics.acked(acked)
    if (nacked === 0) continue
    for (const [outcome, count] of outcomes(places[index]?.nack ?? [], notPending))
      metrics.nacked(outcome, count)
  }
}

/** Of an id that is named twice, the later one is in `notPending`, so the last nacks are counted first. */
function outcomes(nacks: readonly EngineNack[], notPending: readonly EntryId[]): [NackOutcome, number][] {
  const left = new Map<EntryId, number>()
  for (const id of notPending) left.set(id, (left.get(id) ?? 0) + 1)
  return nacks.toReversed().map(({ ids, outcome }) => {
    let count = ids.length
    for (const id of ids) {
      const times = left.get(id) ?? 0
      if (times === 0) continue
      left.set(id, times - 1)
      count--
    }
    return [outcome, count]
  })
}
