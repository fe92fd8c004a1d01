import { RedisClient } from '../clients/redis-client.ts'
import { CONSUMERS, consume, PRODUCERS, produce, type Work } from '../flows/flow.ts'

// Workers that speak to Redis themselves, each over connections of its own: producers, which send a batch of appends in
// one write, or consumers. Whoever started them sends one piece of work after the other.
const [role, port] = process.argv.slice(2)
const isProducing = role === 'producers'
const workers = Array.from(
  { length: isProducing ? PRODUCERS : CONSUMERS },
  () => new RedisClient(Number(port))
)
// Makes the connections, which is not part of the work.
for (const worker of workers) await worker.length()

process.on('message', async (work: Work) => {
  process.send?.(isProducing ? await produce(workers, work) : await consume(workers, work))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
