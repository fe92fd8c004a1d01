import { isErrorReply, type Reply } from '../connection/client.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { errorWord, refusal, type Subject } from '../connection/redis-errors.ts'
import type { Script } from '../scripts/script.ts'

/** What a request is about: always a stream, and whatever else its refusal may have to name. */
export type StreamSubject = Subject & { readonly stream: string }

/** The commands and scripts that requests are made of, each about one stream. */
export class StreamCommands {
  readonly #nodes: Nodes
  readonly #keys: Keys

  constructor(nodes: Nodes, keys: Keys) {
    this.#nodes = nodes
    this.#keys = keys
  }

  /**
   * Runs a script on the stream's key. It is sent in this turn, so that what is called in an order is done in it.
   * Rejects with the EngineError that the refusal means.
   */
  async script<A extends object>(script: Script<A>, subject: StreamSubject, args: A): Promise<Reply> {
    const key = this.#keys.keyOf(subject.stream)
    const rest = ['1', key, ...script.argumentsOf(args)]
    const { isReading, hasFields } = script
    try {
      return await this.#nodes.send(key, ['EVALSHA', script.sha, ...rest], isReading, hasFields)
    } catch (error) {
      // Somebody has flushed the scripts of a server that was connected to before.
      const isMissing = isErrorReply(error) && errorWord(error) === 'NOSCRIPT'
      if (!isMissing) throw refusal(error, subject)
      return this.#send(key, ['EVAL', script.text, ...rest], subject, isReading, hasFields)
    }
  }

  /** Sends a command whose first argument is the stream's key. */
  command(name: string, subject: StreamSubject, args: readonly string[], isReading: boolean): Promise<Reply> {
    const key = this.#keys.keyOf(subject.stream)
    return this.#send(key, [name, key, ...args], subject, isReading)
  }

  async #send(
    key: string,
    args: readonly string[],
    subject: Subject,
    isReading: boolean,
    inBytes = false
  ): Promise<Reply> {
    try {
      return await this.#nodes.send(key, args, isReading, inBytes)
    } catch (error) {
      throw refusal(error, subject)
    }
  }
}
