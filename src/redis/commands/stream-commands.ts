import { isErrorReply, type Reply } from '../connection/client.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { errorWord, refusal, type Subject } from '../connection/redis-errors.ts'
import type { Script } from '../scripts/script.ts'

/** What a request names: always a stream, and whatever else its refusal may name. */
export type StreamSubject = Subject & { readonly stream: string }

/** Sends commands and scripts, each for one stream, and converts their errors. */
export class StreamCommands {
  readonly #nodes: Nodes
  readonly #keys: Keys

  constructor(nodes: Nodes, keys: Keys) {
    this.#nodes = nodes
    this.#keys = keys
  }

  /**
   * Runs a script on the stream's key, and on that of its companion if it needs it. Sends it in this turn of the event loop, so scripts run in the order of the
   * calls. Rejects with an EngineError, unless Redis' error is unknown.
   */
  async script<A extends object>(script: Script<A>, subject: StreamSubject, args: A): Promise<Reply> {
    const key = this.#keys.keyOf(subject.stream)
    const { isReading, hasFields, hasCompanion } = script
    const keys = hasCompanion ? ['2', key, this.#keys.companionOf(key)] : ['1', key]
    const rest = [...keys, ...script.argumentsOf(args)]
    try {
      return await this.#nodes.send(key, ['EVALSHA', script.sha, ...rest], isReading, hasFields)
    } catch (error) {
      // Somebody has flushed the scripts that were loaded when the connection was made.
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
