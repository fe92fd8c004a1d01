import { randomUUID } from 'node:crypto'
import type { Nodes } from '../connection/nodes.ts'
import { ReconnectingConnection } from '../connection/reconnecting-connection.ts'

/**
 * What Weir nodes on the same Redis tell each other: that something happened to a stream, for readers who wait there.
 * Nothing depends on it, since each of them looks at those streams from time to time anyway; it is faster.
 */
export class ChangeBroadcast {
  readonly #nodes: Nodes
  readonly #channel: string
  readonly #connection: ReconnectingConnection
  readonly #own = randomUUID()

  constructor(nodes: Nodes, channel: string, onChanged: (stream: string) => void) {
    this.#nodes = nodes
    this.#channel = channel
    this.#connection = new ReconnectingConnection({
      locate: () => nodes.locate(),
      prepare: (client) =>
        client.subscribe(channel, (message) => {
          const sender = message.slice(0, this.#own.length)
          if (sender !== this.#own) onChanged(message.slice(this.#own.length))
        })
    })
    void this.#connection.open()
  }

  changed(stream: string): void {
    const [server] = this.#nodes.servers()
    server?.send(['PUBLISH', this.#channel, this.#own + stream], true).catch(ignore)
  }

  close(): void {
    this.#connection.close()
  }
}

/** Whoever misses it finds it out by looking. */
function ignore(): void {}
