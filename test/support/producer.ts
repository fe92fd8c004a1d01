import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// A producer as a user would write it: it appends every line of a file, and sends a line again if the outcome is
// unknown. The line's number is the entry's id, so no line is appended twice: the second attempt is refused, and the
// refusal shows that the first one succeeded. Its arguments are the URL of the stream and the file.
const [stream, file = ''] = process.argv.slice(2)

let number = 0
for (const line of readFileSync(file, 'utf8').split('\n')) {
  number++
  while (!(await isKept(`${number}-0`, line))) await sleep(50)
}

async function isKept(id: string, line: string): Promise<boolean> {
  try {
    const response = await fetch(`${stream}/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entries: [{ id, fields: { line } }] })
    })
    const answer = (await response.json()) as { code?: string; retryable?: boolean }
    if (response.ok || answer.code === 'id-not-greater') return true
    if (answer.retryable) return false
    process.stderr.write(`${JSON.stringify(answer)}\n`)
    process.exit(1)
  } catch {
    return false
  }
}
