import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// A worker as a user would write it: it reads entries, writes each to a file, acks them, and retries if a request
// fails. Its arguments are the URL of the group, the name of the consumer, and the file.
const [group, consumer, output = ''] = process.argv.slice(2)

interface Answer {
  entries?: { id: string; deliveries: number; fields: { line: string } }[]
  retryable?: boolean
  detail?: string
}

for (;;) {
  try {
    const { entries = [] } = await post('read', { consumer, count: 20, waitMs: 2000, claimIdleMs: 1000 })
    for (const { id, deliveries, fields } of entries) {
      await sleep(1)
      appendFileSync(output, `${id}\t${deliveries}\t${fields.line}\n`)
    }
    if (entries.length > 0) await post('ack', { ids: entries.map(({ id }) => id) })
  } catch {
    await sleep(50)
  }
}

async function post(verb: string, body: object): Promise<Answer> {
  const response = await fetch(`${group}/${verb}`, {
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
  throw new Error(answer.detail)
}
