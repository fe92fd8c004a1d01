import { randomUUID } from 'node:crypto'
import type { Nodes } from '../connection/nodes.ts'
import { ReconnectingConnection } from '../connection/reconnecting-connection.ts'

/**
 * Notifies other Weir nodes on the same Redis that a stream changed, so that they serve its waiting readers at once.
 * Nothing depends on it: each node also checks the streams of its waiting readers periodically.
 */
export class ChangeBroadcast {
  readonly #nodes: Nodes
  readonly #channel: string
  readonly #connection: ReconnectingConnection
  readonly #nodeId = randomUUID()

  constructor(nodes: Nodes, channel: string, onChanged: (stream: string) => void) {
    this.#nodes = nodes
    this.#channel = channel
    this.#connection = new ReconnectingConnection({
      locate: () => nodes.locate(),
      prepare: (client) =>
        client.subscribe(channel, (message) => {
          const sender = message.slice(0, this.#nodeId.length)
          if (sender !== this.#nodeId) onChanged(message.slice(this.#nodeId.length))
        })
    })
    void this.#connection.open()
  }

  /** Notifies the other nodes. Never throws: a lost message only delays them. */
  changed(stream: string): void {
    const [server] = this.#nodes.servers()
    server?.send(['PUBLISH', this.#channel, this.#nodeId + stream], true).catch(ignore)
  }

  close(): void {
    this.#connection.close()
  }
}

/** A node that misses the message finds the change at its next check. */
function ignore(): void {}
