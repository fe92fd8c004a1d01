import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Flow, now, type Part, together, type Work } from './flow.ts'

/**
 * The flow on Redis itself: all producers in one process and all consumers in another, so that with Redis there are as
 * many busy processes as this side can use.
 */
export async function startDirectFlow(redisPort: number, node = process.execPath): Promise<Flow> {
  const producers = await startWorkers('producers', redisPort, node)
  const consumers = await startWorkers('consumers', redisPort, node)
  return {
    pids: [producers.pid ?? 0, consumers.pid ?? 0],
    async run(work) {
      const startedAt = now()
      const [produced, consumed] = await Promise.all([part(producers, work), part(consumers, work)])
      return together(startedAt, produced, consumed)
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
  await next(workers)
  return workers
}

async function part(workers: ChildProcess, work: Work): Promise<Part> {
  workers.send(work)
  return (await next(workers)) as Part
}

/** What it says next. Rejects when it ends instead. */
async function next(workers: ChildProcess): Promise<unknown> {
  const abort = new AbortController()
  const { signal } = abort
  try {
    const ended = once(workers, 'exit', { signal }).then(() => {
      throw new Error('The workers ended')
    })
    const [said] = await Promise.race([once(workers, 'message', { signal }), ended])
    return said
  } finally {
    abort.abort()
  }
}
