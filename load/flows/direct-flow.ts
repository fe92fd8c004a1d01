import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Flow, now, type Part, totalOf, type Work } from './flow.ts'

/**
 * Runs the flow on Redis itself. The producers are one process and the consumers another, because in one process they
 * would wait for each other.
 */
export async function startDirectFlow(redisPort: number, node = process.execPath): Promise<Flow> {
  const producers = await startWorkers('producers', redisPort, node)
  const consumers = await startWorkers('consumers', redisPort, node)
  return {
    pids: [producers.pid ?? 0, consumers.pid ?? 0],
    async run(work) {
      const startedAt = now()
      const [produced, consumed] = await Promise.all([runPart(producers, work), runPart(consumers, work)])
      return totalOf(startedAt, produced, consumed)
    },
    close() {
      producers.kill()
      consumers.kill()
    }
  }
}

async function startWorkers(
  role: 'producers' | 'consumers',
  redisPort: number,
  execPath: string
): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../peers/direct-workers.ts', import.meta.url))
  const workers = fork(program, [role, String(redisPort)], {
    execPath,
    execArgv: ['--import', 'tsx']
  })
  await nextMessage(workers)
  return workers
}

async function runPart(workers: ChildProcess, work: Work): Promise<Part> {
  workers.send(work)
  return (await nextMessage(workers)) as Part
}

/** Resolves with the process' next message. Rejects if the process ends first. */
async function nextMessage(workers: ChildProcess): Promise<unknown> {
  const abort = new AbortController()
  const { signal } = abort
  try {
    const ended = once(workers, 'exit', { signal }).then(() => {
      throw new Error('The workers ended')
    })
    const [message] = await Promise.race([once(workers, 'message', { signal }), ended])
    return message
  } finally {
    abort.abort()
  }
}
