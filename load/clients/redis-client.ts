import { createClient } from 'redis'
import { type Counts, GROUP, PADDING, STREAM } from '../orders.ts'
import type { Client, Delivered } from './client.ts'

/**
 * Speaks to Redis as a worker would: one connection for all that does not wait, whose commands of one turn of the event
 * loop go out in one write, and one for each consumer. They are made when they are first needed.
 */
export class RedisClient implements Client {
  readonly #url: string
  readonly #readers = new Map<string, Promise<Connection>>()
  #redis: Promise<Connection> | undefined

  constructor(port: number) {
    this.#url = `redis://127.0.0.1:${port}`
  }

  async open(): Promise<void> {
    const redis = await this.#main()
    await redis.xGroupCreate(STREAM, GROUP, '0', { MKSTREAM: true })
  }

  async append(first: number, entries: number): Promise<void> {
    const redis = await this.#main()
    const answers: Promise<string>[] = []
    for (let number = first; number < first + entries; number++)
      answers.push(redis.xAdd(STREAM, '*', { number: String(number), padding: PADDING }))
    await Promise.all(answers)
  }

  async read(consumer: string, count: number, waitMs: number): Promise<Delivered[]> {
    const reader = await this.#reader(consumer)
    const found = await reader.xReadGroup(
      GROUP,
      consumer,
      { key: STREAM, id: '>' },
      { COUNT: count, BLOCK: waitMs }
    )
    const entries: RedisEntry[] = found?.[0]?.messages ?? []
    return entries.map(({ id, message }) => ({ id, number: Number(message['number']) }))
  }

  async readIds(consumer: string, count: number, waitMs: number): Promise<string[]> {
    const entries = await this.read(consumer, count, waitMs)
    return entries.map(({ id }) => id)
  }

  async ack(ids: readonly string[]): Promise<number> {
    const redis = await this.#main()
    return redis.xAck(STREAM, GROUP, [...ids])
  }

  async length(): Promise<number> {
    const redis = await this.#main()
    return redis.xLen(STREAM)
  }

  async counts(): Promise<Counts> {
    const redis = await this.#main()
    const [group] = await redis.xInfoGroups(STREAM)
    if (group === undefined) throw new Error('The group is gone')
    const { pending, lag } = group
    return { length: await this.length(), entriesRead: Number(group['entries-read']), pending, lag }
  }

  close(): void {
    this.#redis?.then((redis) => redis.destroy())
    for (const reader of this.#readers.values()) reader.then((redis) => redis.destroy())
  }

  #main(): Promise<Connection> {
    this.#redis ??= connect(this.#url)
    return this.#redis
  }

  #reader(consumer: string): Promise<Connection> {
    const reader = this.#readers.get(consumer) ?? connect(this.#url)
    this.#readers.set(consumer, reader)
    return reader
  }
}

/** As the package gives it. */
interface RedisEntry {
  readonly id: string
  readonly message: Readonly<Record<string, string>>
}

type Connection = Awaited<ReturnType<typeof connect>>

function connect(url: string) {
  // Whoever waits for an answer is told when it does not come; without a listener the process would end.
  return createClient({ url })
    .on('error', () => undefined)
    .connect()
}
