import type { Reply } from './client.ts'
import type { Server } from './redis-server.ts'

/** The servers that hold the streams: one, or the masters of a cluster. */
export interface Nodes {
  /** Whether different streams may be on different servers, and no command can name two of them. */
  readonly isCluster: boolean
  /** Resolves when the first attempt to reach them is over. */
  readonly opened: Promise<void>
  /** Sends a command to the server that has the key. Rejects as `Server.send`. */
  send(key: string, args: readonly string[], isReading: boolean, inBytes?: boolean): Promise<Reply>
  /** Each of them that is known. */
  servers(): readonly Server[]
  /** Why requests cannot be served now, in a sentence; undefined when they can. */
  trouble(): string | undefined
  /** Why changes are refused although requests are served, in a sentence; undefined when they are not. */
  impairment(): string | undefined
  /** The address of one of them, to listen at. */
  locate(): Promise<string>
  close(): void
}

export interface NodesListener {
  /** A connection was made: what was missed meanwhile is to be looked at. */
  onUp(): void
  onDown(error: Error): void
}

/** How long servers have to answer what is under way when the engine closes. */
const PATIENCE_MS = 1000

/** Resolves when each server has done what was sent to it, or has been given the time to. */
export async function allAnswered(nodes: Nodes): Promise<void> {
  const answers = nodes.servers().map((server) => server.send(['PING'], true).catch(ignore))
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([Promise.all(answers), patience])
  clearTimeout(timer)
}

/** Who cannot be asked has nothing left to do. */
function ignore(): void {}
