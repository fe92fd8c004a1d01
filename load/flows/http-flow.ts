import type { Client } from '../clients/client.ts'
import { CONSUMERS, consume, type Flow, now, PRODUCERS, produce, totalOf } from './flow.ts'

/**
 * Runs the flow over HTTP, in this process, which has processor time to spare. autocannon could pass the ids from a
 * read to its ack as well, but then its own speed would be measured. A request about 100 entries took it 97 µs of
 * processor time, and took this client 61. The floor, which does nothing, served 70,000 entries a second to it, and
 * 115,000 to this client. So this client measures every contender that has HTTP.
 */
export function httpFlow(client: Client): Flow {
  const producers = new Array<Client>(PRODUCERS).fill(client)
  const consumers = new Array<Client>(CONSUMERS).fill(client)
  return {
    pids: [],
    async run(work) {
      const startedAt = now()
      const [produced, consumed] = await Promise.all([produce(producers, work), consume(consumers, work)])
      return totalOf(startedAt, produced, consumed)
    },
    close() {}
  }
}
