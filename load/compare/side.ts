import { resolve } from 'node:path'
import type { Client } from '../clients/client.ts'
import { clientOf } from '../clients/client-of.ts'
import { type Server, startContender } from '../server.ts'

/** The text of a side that is workers on Redis itself, instead of a Weir. */
const DIRECT = 'direct'

export const SIDES_HELP = `  SIDE             a directory with a built Weir. After it, with commas in between, there may be flags of Node, which come
                   after those of bin/node-flags, and NODE=PATH for another Node: .,--v8-pool-size=4,NODE=/opt/node
                   Or "${DIRECT}", with the workload "paced": the same load on Redis itself`

/** A server that takes part in a comparison. */
export interface Side {
  /** As it was asked for. */
  readonly text: string
  /** The directory of a built Weir; undefined for Redis itself. */
  readonly build: string | undefined
  readonly flags: readonly string[]
  readonly node?: string
}

/** Throws a sentence for what is neither a flag nor a Node. */
export function parseSide(text: string): Side {
  const [directory = '', ...options] = text.split(',')
  const flags = options.filter((option) => option.startsWith('--'))
  const [node, ...others] = options.filter((option) => !option.startsWith('--'))
  if (others.length > 0 || node?.startsWith('NODE=') === false) {
    throw new Error(`"${others[0] ?? node}" of the side ${text} is no flag, and no second Node is possible.`)
  }
  const build = directory === DIRECT ? undefined : resolve(directory)
  return { text, build, flags, ...(node !== undefined && { node: resolve(node.slice('NODE='.length)) }) }
}

/** A side that serves. */
export interface RunningSide {
  readonly client: Client
  /** The process id of the server itself, not of its Redis. */
  readonly pid: number
  /** The number of entries in the stream, which the workload "paced" keeps. */
  appended: number
  stop(): Promise<void>
}

/** Starts a side, new and empty, and makes the stream and the group. */
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
