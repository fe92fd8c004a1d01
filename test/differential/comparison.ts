import { setTimeout } from 'node:timers/promises'
import type { ServerProgram } from '../support/server-programs.ts'
import type { Difference } from './differences/difference.ts'
import { differencesOn } from './differences.ts'
import { Disagreement, type Mismatch, mismatches } from './mismatch.ts'
import type { Operation, Step } from './operation.ts'
import { KnownIds, type Program } from './program.ts'
import { runOnRedis } from './redis/operations.ts'
import * as replies from './redis/replies.ts'
import { type RedisServer, startRedis } from './redis/server.ts'
import { RedisTurn } from './redis/turn.ts'
import { Weir } from './weir.ts'

/** How often a program is run at most if ticks of the clock make the comparison inexact. */
const ATTEMPTS = 50

/** Weir and Redis side by side. Both use the clock of Redis. */
export class Comparison {
  readonly #redis: RedisServer
  readonly #weir: Weir
  /** How many runs were repeated. */
  repeated = 0

  private constructor(redis: RedisServer, weir: Weir) {
    this.#redis = redis
    this.#weir = weir
  }

  static async begin(server: ServerProgram): Promise<Comparison> {
    return new Comparison(await startRedis(server), await Weir.open())
  }

  async end(): Promise<void> {
    await this.#redis.stop()
    await this.#weir.close()
  }

  /**
   * Runs a program on both. Rejects with a Disagreement if an answer or the final state differs and no known difference
   * explains it. `without` names a known difference to ignore.
   *
   * Redis reads its clock whenever it needs the time. The test knows that time only if the clock shows the same
   * before and after a command. Otherwise ids and idle times may differ by that tick, and a program that disagrees is
   * run again.
   */
  async run(program: Program, { without }: { without?: string } = {}): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const known = differencesOn(this.#redis.server).filter(({ what }) => what !== without)
      const run = new ComparedRun(this.#redis, this.#weir, known)
      const disagreement = await run.run(program)
      if (disagreement === null) return
      if (run.isExact || attempt === ATTEMPTS) throw disagreement
      this.repeated++
    }
  }
}

/** One run of a program on both. */
class ComparedRun {
  readonly #redis: RedisServer
  readonly #weir: Weir
  readonly #differences: readonly Difference[]
  readonly #ids = new KnownIds()
  #toleranceMs = 0

  constructor(redis: RedisServer, weir: Weir, differences: readonly Difference[]) {
    this.#redis = redis
    this.#weir = weir
    this.#differences = differences
  }

  /** Whether the clock never ticked during a command. */
  get isExact(): boolean {
    return this.#toleranceMs === 0
  }

  async run(program: Program): Promise<Disagreement | null> {
    await this.#clear()
    const startedAt = Date.now()
    try {
      for (const [index, step] of program.entries()) await this.#step(step, startedAt, `step ${index}`)
      await this.#compareStates()
      return null
    } catch (error) {
      if (error instanceof Disagreement) return error
      throw error
    }
  }

  async #step(step: Step, startedAt: number, where: string): Promise<void> {
    if (step.kind === 'wait') await setTimeout(step.ms)
    else if (step.kind === 'reopen') await this.#weir.reopen()
    else await this.#operate(this.#ids.resolve(step, startedAt), where)
  }

  async #operate(operation: Operation, where: string): Promise<void> {
    const turn = new RedisTurn(this.#redis.connection, operation)
    const redis = await runOnRedis(turn, this.#differences)
    if (turn.span !== null) {
      const { from, to } = turn.span
      this.#weir.setClock(from)
      this.#toleranceMs = Math.max(this.#toleranceMs, to - from)
    }
    const weir = await this.#weir.run(operation)
    for (const mismatch of mismatches(weir, redis, this.#toleranceMs)) {
      if (!(await this.#isKnown(mismatch, operation, turn))) {
        throw new Disagreement(`${where}, ${JSON.stringify(operation)}\n${explain(mismatch)}`)
      }
    }
    if (isRefusal(weir) || isRefusal(redis)) return
    this.#ids.take(operation, weir)
    for (const difference of this.#differences) await difference.settle?.(operation, turn, this.#weir.engine)
  }

  async #isKnown(mismatch: Mismatch, operation: Operation, turn: RedisTurn): Promise<boolean> {
    for (const { explains } of this.#differences) {
      if (await explains?.(mismatch, operation, turn)) return true
    }
    return false
  }

  async #compareStates(): Promise<void> {
    const { streams } = await this.#weir.engine.listStreams({ prefix: '', limit: 1000 })
    const [keys] = await this.#redis.connection.send([['KEYS', '*']])
    const names = streams.map(({ name }) => name)
    const redisNames = replies.list(keys).map(replies.text).sort()
    if (names.join() !== redisNames.join()) {
      throw new Disagreement(`at the end, Weir has the streams ${names}, Redis ${redisNames}`)
    }
    for (const stream of names) {
      await this.#operate({ kind: 'describeStream', stream, limit: 100_000 }, 'at the end')
    }
  }

  async #clear(): Promise<void> {
    await this.#redis.connection.send([['FLUSHALL']])
    const { streams } = await this.#weir.engine.listStreams({ prefix: '', limit: 1000 })
    for (const { name } of streams) await this.#weir.engine.deleteStream({ stream: name })
  }
}

function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

function explain({ path, weir, redis }: Mismatch): string {
  return `${path.join('.') || 'the answer'}: Weir ${JSON.stringify(weir)}, Redis ${JSON.stringify(redis)}`
}
