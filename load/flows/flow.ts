import type { Client } from '../clients/client.ts'

export const PRODUCERS = 8
export const CONSUMERS = 8
/** How long a read waits when there is nothing to read. */
const WAIT_MS = 200
/** When nothing was acked for so long, what is missing is not going to come. */
const GIVE_UP_MS = 10_000

/** So many appends of so many entries each, shared out among the producers. */
export interface Work {
  readonly batches: number
  readonly batch: number
}

/** What became of it. */
export interface Done {
  readonly appended: number
  readonly delivered: number
  readonly acked: number
  /** From the first request to the last answer to an append or an ack. */
  readonly seconds: number
}

/**
 * Entries through append, read and ack: producers append batch after batch as fast as they are answered, until the work
 * is done; consumers meanwhile read and ack, until all of it is acked.
 */
export interface Flow {
  /** Processes, besides this one, that make the load. */
  readonly pids: readonly number[]
  run(work: Work): Promise<Done>
  close(): void
}

/** What one side of a flow did. */
export interface Part {
  readonly appended: number
  readonly delivered: number
  readonly acked: number
  /** When the last append or ack was answered, on a clock that processes have in common. */
  readonly endedAt: number
}

/** Appends, with as many producers as there are clients. */
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

/** Reads and acks, with as many consumers as there are clients, until as much is acked as is to be appended. */
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

/** Both sides of a flow that began at this moment. */
export function together(startedAt: number, producers: Part, consumers: Part): Done {
  const endedAt = Math.max(producers.endedAt, consumers.endedAt)
  const { delivered, acked } = consumers
  return { appended: producers.appended, delivered, acked, seconds: (endedAt - startedAt) / 1000 }
}

/** Milliseconds, the same in every process of this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
