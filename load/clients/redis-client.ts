import { createClient } from 'redis'
import { type Counts, GROUP, PADDING, STREAM } from '../orders.ts'
import type { Client, Delivered } from './client.ts'

/**
 * A client of Redis as a worker would use it. Commands that do not wait share one connection, on which all commands of
 * a turn of the event loop are one write. Each consumer has a connection of its own. Connections are opened on first
 * use.
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
    if (group === undefined) throw new Error('The group does not exist')
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

/** An entry as the package returns it. */
interface RedisEntry {
  readonly id: string
  readonly message: Readonly<Record<string, string>>
}

type Connection = Awaited<ReturnType<typeof connect>>

function connect(url: string) {
  // A failed command rejects anyway. Without a listener, the error would end the process.
  return createClient({ url })
    .on('error', () => undefined)
    .connect()
}
