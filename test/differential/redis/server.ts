import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../../../load/free-port.ts'
import type { ServerProgram } from '../../support/server-programs.ts'
import { RedisConnection } from './connection.ts'

/** A server that only this test uses. */
export interface RedisServer {
  readonly server: ServerProgram
  readonly connection: RedisConnection
  stop(): Promise<void>
}

/** Starts an empty server on a free port of loopback. It stores nothing on disk. */
export async function startRedis(server: ServerProgram): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-redis-'))
  const port = await freePort()
  const child = spawn(server.program, argumentsFor(port, directory), { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const connection = await connect(child, port)
  return {
    server,
    connection,
    async stop() {
      process.off('exit', kill)
      connection.close()
      child.kill()
      await exited
      await rm(directory, { recursive: true })
    }
  }
}

/** The nodes have as many entries as the blocks of Weir, so that approximate trims remove the same ones. */
function argumentsFor(port: number, directory: string): string[] {
  const own = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', directory, '--save', '']
  return [...own, '--stream-node-max-entries', '128', '--stream-node-max-bytes', '0']
}

async function connect(child: ChildProcess, port: number): Promise<RedisConnection> {
  for (let attempt = 0; attempt < 500 && child.exitCode === null; attempt++) {
    const connection = await RedisConnection.open(port).catch(() => null)
    if (connection !== null) {
      const [info] = await connection.send([['INFO', 'server']])
      // Another server may have taken the port meanwhile. The tests would delete all of its data.
      if (String(info).includes(`process_id:${child.pid}\r\n`)) return connection
      connection.close()
    }
    await setTimeout(10)
  }
  throw new Error('The server does not answer')
}
