import { resolve } from 'node:path'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import type { Client } from '../clients/client.ts'
import { clientOf } from '../clients/client-of.ts'
import type { Contender } from '../contender.ts'
import { POLICY } from '../orders.ts'
import { startContender, type WeirOptions } from '../server.ts'

/** The argument for workers on Redis itself, instead of a Weir. */
const DIRECT = 'direct'
/** The option for a group with a delivery policy. */
const WITH_POLICY = 'POLICY'

export const SIDES_HELP = `  SIDE             a directory with a built Weir. Flags of Node and NODE=PATH, for another Node, may follow it,
                   separated by commas: .,--v8-pool-size=4,NODE=/opt/node. The flags are added to those of
                   bin/node-flags. With ,${WITH_POLICY}, the group has a delivery policy, which the scenario "policy" of
                   the load tests uses, too: ../before .,${WITH_POLICY}
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
  /** The delivery policy of the group. Default: none. */
  readonly delivery?: DeliveryPolicy
}

/** Parses a command-line argument. Throws an Error with a sentence for the user if it is invalid. */
export function parseSide(text: string): Side {
  const [directory = '', ...options] = text.split(',')
  const flags = options.filter((option) => option.startsWith('--'))
  const hasPolicy = options.includes(WITH_POLICY)
  const [node, ...others] = options.filter((option) => !option.startsWith('--') && option !== WITH_POLICY)
  if (others.length > 0 || node?.startsWith('NODE=') === false) {
    throw new Error(
      `Invalid side ${text}: "${others[0] ?? node}" is not a flag, and NODE=PATH can be given only once.`
    )
  }
  const build = directory === DIRECT ? undefined : resolve(directory)
  if (hasPolicy && build === undefined) {
    throw new Error(`Invalid side ${text}: Redis itself has no delivery policies.`)
  }
  return {
    text,
    build,
    flags,
    ...(node !== undefined && { node: resolve(node.slice('NODE='.length)) }),
    ...(hasPolicy && { delivery: POLICY })
  }
}

/** A server of a comparison that is running. */
export interface RunningSide {
  readonly client: Client
  /** The processes whose processor time is measured. */
  readonly pids: readonly number[]
  /** The number of entries in the stream. The workload "paced" updates it. */
  appended: number
  stop(): Promise<void>
}

/** Starts a side without any data. Its processor time does not include the Redis of a Weir. */
export async function startSide(side: Side, engine: 'embedded' | 'redis'): Promise<RunningSide> {
  const { build, flags, node, delivery } = side
  const contender = build === undefined ? DIRECT : 'weir'
  const weir: WeirOptions = {
    engine,
    flags,
    ...(build !== undefined && { build }),
    ...(node !== undefined && { node })
  }
  const running = await openContender(contender, weir, delivery)
  return { ...running, pids: running.pids.slice(0, 1) }
}

/** Starts a contender without any data, and creates the stream and the group. */
export async function openContender(
  contender: Contender,
  weir: WeirOptions,
  delivery?: DeliveryPolicy
): Promise<RunningSide> {
  const server = await startContender(contender, weir)
  const client = clientOf(contender, server, delivery)
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
  return { client, pids: server.pids, appended: 0, stop }
}
