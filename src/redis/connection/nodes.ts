import type { ServerStatus } from '../../contract/status.ts'
import type { Reply } from './client.ts'
import type { Server } from './redis-server.ts'

/** The servers that hold the streams: one, or the masters of a cluster. */
export interface Nodes {
  /** Whether streams may be on different servers. If so, one command cannot name two streams. */
  readonly isCluster: boolean
  /** Resolves when the first attempt to connect ends, whether it succeeded or failed. */
  readonly opened: Promise<void>
  /** Sends a command to the server that has the key. Rejects as `Server.send`. */
  send(key: string, args: readonly string[], isReading: boolean, inBytes?: boolean): Promise<Reply>
  /** The servers that are known now. */
  servers(): readonly Server[]
  /** Why requests cannot be served now, as a sentence. Undefined if they can. */
  trouble(): string | undefined
  /** Why changes are refused while reads are served, as a sentence. Undefined if changes are accepted. */
  impairment(): string | undefined
  /** The URL of one of the servers, for a connection of one's own. */
  locate(): Promise<string>
  close(): void
}

export interface NodesListener {
  /** A server can be used again. Changes made meanwhile may have been missed. */
  onUp(): void
  onDown(error: Error): void
}

/** What an operator wants to see of each server. */
export function serverStatuses(nodes: Nodes): ServerStatus[] {
  return nodes.servers().map((server) => ({
    address: server.address,
    server: server.capabilities?.server ?? 'unknown',
    isReady: server.trouble === undefined && server.impairment === undefined,
    reconnects: server.reconnects
  }))
}

/** How long the engine waits for outstanding replies when it closes. */
const CLOSE_TIMEOUT_MS = 1000

/** Resolves when each server has answered every command sent to it, or after CLOSE_TIMEOUT_MS. */
export async function allAnswered(nodes: Nodes): Promise<void> {
  const answers = nodes.servers().map((server) => server.send(['PING'], true).catch(ignore))
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
  })
  await Promise.race([Promise.all(answers), timeout])
  clearTimeout(timer)
}

/** A server that cannot be reached has no command left to answer. */
function ignore(): void {}
