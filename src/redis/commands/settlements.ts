import type { GroupReadPlace, Settled } from '../../contract/deliveries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { Nack } from '../../contract/pending.ts'
import type { Reply } from '../connection/client.ts'
import * as replies from './replies.ts'

/** What a request settles in one stream. */
type Settlement = Pick<GroupReadPlace, 'ack' | 'nack'>

/** Seeds of random numbers are below this. */
const SEEDS = 2 ** 31

export function hasSettlement({ ack, nack }: Settlement): boolean {
  return ack !== undefined || nack !== undefined
}

/** The arguments for the library `settle`. None if there is no settlement, not even an empty one. */
export function settlementArgs(settlement: Settlement): string[] {
  const { ack = [], nack = [] } = settlement
  return hasSettlement(settlement) ? ['ack', ...listArgs(ack), ...nack.flatMap(nackArgs)] : []
}

export function nackArgs({ ids, outcome, delayMs, reason = '' }: Nack): string[] {
  const seed = Math.floor(Math.random() * SEEDS)
  return ['nack', outcome, String(delayMs ?? ''), reason, String(seed), ...listArgs(ids)]
}

/** The same when all is settled: the entries are not delivered by this request. */
export function skipArgs({ ack = [], nack = [] }: Settlement): string[] {
  const ids = [...ack, ...nack.flatMap((each) => each.ids)]
  return ids.length === 0 ? [] : ['skip', ...listArgs(ids)]
}

export function settledReply(reply: Reply): Settled {
  const [acked, nacked, notPending] = replies.list(reply)
  return { acked: replies.count(acked), nacked: replies.count(nacked), notPending: replies.ids(notPending) }
}

/** What is reported for a stream whose script failed. */
export function nothingSettled({ ack = [], nack = [] }: Settlement): Settled {
  return { acked: 0, nacked: 0, notPending: [...ack, ...nack.flatMap(({ ids }) => ids)] }
}

function listArgs(ids: readonly EntryId[]): string[] {
  return [String(ids.length), ...ids.map(formatId)]
}
