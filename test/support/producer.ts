import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// A producer as a user would write it: appends every line of a file, and sends a line again when it does not know
// what became of it. The line's number is the entry's id, so a line that was kept cannot be kept twice: its second
// sending is refused, and that refusal is as good as an answer. Its arguments are the stream's URL and the file.
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
