import { resolve } from 'node:path'
import type { Client } from '../clients/client.ts'
import { clientOf } from '../clients/client-of.ts'
import { type Server, startContender } from '../server.ts'

/** The argument for workers on Redis itself, instead of a Weir. */
const DIRECT = 'direct'

export const SIDES_HELP = `  SIDE             a directory with a built Weir. Flags of Node and NODE=PATH, for another Node, may follow it,
                   separated by commas: .,--v8-pool-size=4,NODE=/opt/node. The flags are added to those of
                   bin/node-flags.
                   In the workload "paced", SIDE may also be "${DIRECT}": the same load on Redis itself`

/** A server of a comparison. */
export interface Side {
  /** The command-line argument. */
  readonly text: string
  /** The directory of a built Weir. Undefined for Redis itself. */
  readonly build: string | undefined
  /** Flags of Node, added after those of `bin/node-flags`. */
  readonly flags: readonly string[]
  /** The path of the Node that runs it. Default: the one that runs this. */
  readonly node?: string
}

/** Parses a command-line argument. Throws an Error with a sentence for the user if it is invalid. */
export function parseSide(text: string): Side {
  const [directory = '', ...options] = text.split(',')
  const flags = options.filter((option) => option.startsWith('--'))
  const [node, ...others] = options.filter((option) => !option.startsWith('--'))
  if (others.length > 0 || node?.startsWith('NODE=') === false) {
    throw new Error(
      `Invalid side ${text}: "${others[0] ?? node}" is not a flag, and NODE=PATH can be given only once.`
    )
  }
  const build = directory === DIRECT ? undefined : resolve(directory)
  return { text, build, flags, ...(node !== undefined && { node: resolve(node.slice('NODE='.length)) }) }
}

/** A server of a comparison that is running. */
export interface RunningSide {
  readonly client: Client
  /** The process id of the server, not of its Redis. */
  readonly pid: number
  /** The number of entries in the stream. The workload "paced" updates it. */
  appended: number
  stop(): Promise<void>
}

/** Starts a server without any data, and creates the stream and the group. */
export async function startSide(side: Side, engine: 'embedded' | 'redis'): Promise<RunningSide> {
  const { build, flags, node } = side
  const contender = build === undefined ? DIRECT : 'weir'
  const server: Server = await startContender(contender, {
    engine,
    flags,
    ...(build !== undefined && { build }),
    ...(node !== undefined && { node })
  })
  const client = clientOf(contender, server)
  const stop = async () => {
    client.close()
    await server.stop()
  }
  try {
    await client.open()
  } catch (error) {
    await stop()
    throw error
  }
  return { client, pid: server.pid, appended: 0, stop }
}
