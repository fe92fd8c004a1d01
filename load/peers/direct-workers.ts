import { RedisClient } from '../clients/redis-client.ts'
import { CONSUMERS, consume, PRODUCERS, produce, type Work } from '../flows/flow.ts'

// Producers or consumers that speak to Redis themselves, each over connections of its own. A producer sends a batch of
// appends in one write. The parent process sends the work in messages, and gets the results the same way.
const [role, port] = process.argv.slice(2)
const isProducing = role === 'producers'
const workers = Array.from(
  { length: isProducing ? PRODUCERS : CONSUMERS },
  () => new RedisClient(Number(port))
)
// Connects before the work starts.
for (const worker of workers) await worker.length()

process.on('message', async (work: Work) => {
  process.send?.(isProducing ? await produce(workers, work) : await consume(workers, work))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
