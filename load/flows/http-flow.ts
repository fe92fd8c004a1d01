import type { Client } from '../clients/client.ts'
import { CONSUMERS, consume, type Flow, now, PRODUCERS, produce, together } from './flow.ts'

/**
 * The flow over HTTP, in this process, which has processor time to spare. autocannon would carry the ids from a read to
 * its ack as well, but it is what one would measure then: for a request about 100 entries it took 97 µs of processor
 * time and this client 61, and the floor, which does nothing, took 70,000 entries a second from it and 115,000 from this
 * one. So whoever speaks HTTP is measured with this one.
 */
export function httpFlow(client: Client): Flow {
  const producers = new Array<Client>(PRODUCERS).fill(client)
  const consumers = new Array<Client>(CONSUMERS).fill(client)
  return {
    pids: [],
    async run(work) {
      const startedAt = now()
      const [produced, consumed] = await Promise.all([produce(producers, work), consume(consumers, work)])
      return together(startedAt, produced, consumed)
    },
    close() {}
  }
}
