import { groupOf, type Operation, streamsOf } from '../operation.ts'
import { type Command, type RedisConnection, RedisError, type Reply } from './connection.ts'
import { list, members } from './replies.ts'

/** A refusal, with the code that Weir has for it. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(`Refused: ${code}`)
    this.code = code
  }
}

/** The times between which Redis ran commands, by its own clock, in milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** Runs the commands of one operation on Redis, and records when they ran. */
export class RedisTurn {
  readonly operation: Operation
  readonly #connection: RedisConnection
  #span: TimeSpan | null = null
  #missing: Promise<Refusal | null> | undefined

  constructor(connection: RedisConnection, operation: Operation) {
    this.#connection = connection
    this.operation = operation
  }

  /** When the commands of `execute` ran. Redis does not reveal the exact time that it used. */
  get span(): TimeSpan | null {
    return this.#span
  }

  /** Sends commands that are not part of the operation. */
  query(...commands: Command[]): Promise<Reply[]> {
    return this.#connection.send(commands)
  }

  /** Sends commands of the operation, or commands whose replies depend on the time. */
  async execute(...commands: Command[]): Promise<Reply[]> {
    const replies = await this.#connection.send([['TIME'], ...commands, ['TIME']])
    const from = this.#span?.from ?? milliseconds(replies[0])
    this.#span = { from, to: milliseconds(replies.at(-1)) }
    return replies.slice(1, -1)
  }

  /** The same for a single command. Throws if the reply is an error. */
  async executeOne(command: Command): Promise<Exclude<Reply, RedisError>> {
    const [reply] = await this.execute(command)
    if (reply instanceof RedisError) throw reply
    return reply ?? null
  }

  /**
   * The refusal for the first stream or group of the operation that does not exist. Null if all exist. Checked once.
   */
  missing(): Promise<Refusal | null> {
    this.#missing ??= this.#findMissing()
    return this.#missing
  }

  async #findMissing(): Promise<Refusal | null> {
    const named = groupOf(this.operation)
    for (const stream of streamsOf(this.operation)) {
      const [exists, groups] = await this.query(['EXISTS', stream], ['XINFO', 'GROUPS', stream])
      if (exists === 0) return new Refusal('stream-not-found')
      const names = list(groups).map((group) => members(group)['name'])
      if (named !== undefined && !names.includes(named)) return new Refusal('group-not-found')
    }
    return null
  }
}

function milliseconds(reply: Reply | undefined): number {
  const [seconds, microseconds] = list(reply).map(Number)
  return (seconds ?? 0) * 1000 + Math.floor((microseconds ?? 0) / 1000)
}
