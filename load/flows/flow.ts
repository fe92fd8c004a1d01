import type { Client } from '../clients/client.ts'

export const PRODUCERS = 8
export const CONSUMERS = 8
/** How long a read waits for entries. */
const WAIT_MS = 200
/** Missing entries count as lost if nothing was acked for this long. */
const GIVE_UP_MS = 10_000

/** What the producers share among themselves: a number of appends, and the number of entries in each. */
export interface Work {
  readonly batches: number
  readonly batch: number
}

/** What was done. */
export interface Done {
  readonly appended: number
  readonly delivered: number
  readonly acked: number
  /** The time from the first request to the last answer to an append or an ack. */
  readonly seconds: number
}

/**
 * Entries through append, read and ack. Producers append one batch after the other until the work is done, each as soon
 * as the previous one is answered. At the same time, consumers read and ack until all entries are acked.
 */
export interface Flow {
  /** The processes, besides this one, that generate the load. */
  readonly pids: readonly number[]
  run(work: Work): Promise<Done>
  close(): void
}

/** What the producers or the consumers of a flow did. */
export interface Part {
  readonly appended: number
  readonly delivered: number
  readonly acked: number
  /** When the last append or ack was answered, on the clock of `now`. */
  readonly endedAt: number
}

/** Appends with one producer per client. */
export async function produce(clients: readonly Client[], { batches, batch }: Work): Promise<Part> {
  let left = batches
  let appended = 0
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) {
        await client.append(0, batch)
        appended += batch
      }
    })
  )
  return { appended, delivered: 0, acked: 0, endedAt: now() }
}

/** Reads and acks with one consumer per client, until all entries of the work are acked. */
export async function consume(clients: readonly Client[], { batches, batch }: Work): Promise<Part> {
  let delivered = 0
  let acked = 0
  let endedAt = now()
  await Promise.all(
    clients.map(async (client, i) => {
      while (acked < batches * batch && now() - endedAt < GIVE_UP_MS) {
        const ids = await client.readIds(`consumer-${i}`, batch, WAIT_MS)
        if (ids.length === 0) continue
        delivered += ids.length
        const ackedNow = await client.ack(ids)
        acked += ackedNow
        endedAt = now()
      }
    })
  )
  return { appended: 0, delivered, acked, endedAt }
}

/** Adds up the parts of a flow. */
export function totalOf(startedAt: number, producers: Part, consumers: Part): Done {
  const endedAt = Math.max(producers.endedAt, consumers.endedAt)
  const { delivered, acked } = consumers
  return { appended: producers.appended, delivered, acked, seconds: (endedAt - startedAt) / 1000 }
}

/** The time in milliseconds, on a clock that all processes of this machine share. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
