import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { newDirectory, type Program, startProgram } from '../program.ts'

/** Redis as durable as Weir is by default: what it has answered is on disk. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']

/** `within` is where its directory is made, if not among the temporary ones. */
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

/** Debian's HTTP for Redis, with its own defaults but for where it listens and who it listens for. */
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
