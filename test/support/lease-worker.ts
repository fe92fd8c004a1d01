import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// A worker of a group with leases, as a user would write it: one request acks the last entries and reads the next ones.
// It claims nothing: entries of workers that died come by themselves. It writes each entry to a file, and sends a request
// again if it fails. Its arguments are the URL of the group, the name of the consumer, and the file.
const [group, consumer, output = ''] = process.argv.slice(2)

interface Answer {
  entries?: { id: string; deliveries: number; fields: { line: string } }[]
  retryable?: boolean
}

let ack: string[] = []
for (;;) {
  try {
    const { entries = [] } = await read({ consumer, count: 20, waitMs: 2000, ...(ack.length > 0 && { ack }) })
    for (const { id, deliveries, fields } of entries) {
      await sleep(1)
      appendFileSync(output, `${id}\t${deliveries}\t${fields.line}\n`)
    }
    ack = entries.map(({ id }) => id)
  } catch {
    await sleep(50)
  }
}

async function read(body: object): Promise<Answer> {
  const response = await fetch(`${group}/read`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body)
  })
  const answer = (await response.json()) as Answer
  if (response.ok) return answer
  if (!answer.retryable) {
    process.stderr.write(`${JSON.stringify(answer)}\n`)
    process.exit(1)
  }
  throw new Error('The request failed')
}
