import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { newDirectory, type Program, startProgram } from '../program.ts'

/** Makes Redis as durable as Weir by default: an answered change is on disk. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']

/**
 * Starts a Redis without any data. `within`: the parent of its directory. Default: the directory for temporary files.
 */
export async function startRedis(within?: string): Promise<Program> {
  const port = await freePort()
  const directory = await newDirectory(within)
  return startProgram({
    command: 'redis-server',
    args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, ...DURABLE],
    directory,
    portOf: (log) => (log.includes('Ready to accept connections') ? port : undefined)
  })
}

/**
 * Starts webdis, Debian's HTTP interface to Redis, in its default configuration except for addresses, ports and log.
 */
export async function startWebdis(redisPort: number): Promise<Program> {
  const port = await freePort()
  const directory = await newDirectory()
  const settings = join(directory, 'webdis.json')
  await writeFile(
    settings,
    JSON.stringify({
      redis_host: '127.0.0.1',
      redis_port: redisPort,
      http_host: '127.0.0.1',
      http_port: port,
      threads: 2,
      daemonize: false,
      database: 0,
      verbosity: 3,
      logfile: join(directory, 'log')
    })
  )
  return startProgram({
    command: 'webdis',
    args: [settings],
    directory,
    portOf: (log) => (log.includes('up and running') ? port : undefined)
  })
}
