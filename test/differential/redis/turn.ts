import { groupOf, type Operation, streamsOf } from '../operation.ts'
import { type Command, type RedisConnection, RedisError, type Reply } from './connection.ts'
import { list, members } from './replies.ts'

/** A refusal, by the code that Weir has for it. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(`Refused: ${code}`)
    this.code = code
  }
}

/** From when to when the clock of Redis may have stood while it did something, in milliseconds since the epoch. */
export interface Moment {
  readonly from: number
  readonly to: number
}

/** An operation on its way through Redis: what it takes commands for, and when they ran. */
export class RedisTurn {
  readonly operation: Operation
  readonly #connection: RedisConnection
  #moment: Moment | null = null
  #missing: Promise<Refusal | null> | undefined

  constructor(connection: RedisConnection, operation: Operation) {
    this.#connection = connection
    this.operation = operation
  }

  /** When the commands of `execute` ran; nobody can tell more exactly what Redis took for the time. */
  get moment(): Moment | null {
    return this.#moment
  }

  /** Asks what the operation has no part in. */
  query(...commands: Command[]): Promise<Reply[]> {
    return this.#connection.send(commands)
  }

  /** Does something of the operation, or asks what depends on the time. */
  async execute(...commands: Command[]): Promise<Reply[]> {
    const replies = await this.#connection.send([['TIME'], ...commands, ['TIME']])
    const from = this.#moment?.from ?? milliseconds(replies[0])
    this.#moment = { from, to: milliseconds(replies.at(-1)) }
    return replies.slice(1, -1)
  }

  /** The same with a single command, whose error is thrown. */
  async executeOne(command: Command): Promise<Exclude<Reply, RedisError>> {
    const [reply] = await this.execute(command)
    if (reply instanceof RedisError) throw reply
    return reply ?? null
  }

  /** What the operation names first that does not exist, as the refusal of it. Looked for once. */
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
