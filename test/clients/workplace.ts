import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { ask } from '../support/http.ts'
import { startWeir, type Weir } from '../support/weir.ts'
import { type FaultyProxy, proxyForTest } from './faulty-proxy.ts'
import type { Settings } from './worker-process.ts'

/** An order to process: the fields of an entry. */
export interface Order {
  readonly order: string
  readonly total: string
  readonly takesMs?: string
}

/** A stream with a group on a running Weir, behind a proxy, for one test. Neither exists yet. */
export class Workplace {
  readonly proxy: FaultyProxy
  /** The URLs of the stream and the group, past the proxy. */
  readonly stream: string
  readonly group: string
  /** What a worker needs to know. */
  readonly settings: Settings & { readonly CONSUMER: string }

  constructor(url: string, proxy: FaultyProxy, stream: string) {
    this.proxy = proxy
    this.stream = `${url}/v1/streams/${stream}`
    this.group = `${this.stream}/groups/billing`
    this.settings = { WEIR_URL: proxy.url, STREAM: stream, GROUP: 'billing', CONSUMER: 'ann' }
  }

  /** Appends orders. Resolves with their ids. */
  async append(...orders: readonly Order[]): Promise<string[]> {
    const entries = orders.map((fields) => ({ fields }))
    return (await ask('POST', `${this.stream}/entries`, { entries })).ids
  }

  /** Creates the group with this policy, before a worker does. */
  async createGroup(delivery: object): Promise<void> {
    await ask('PUT', this.group, { createStream: true, delivery })
  }

  async pendingIds(): Promise<string[]> {
    const { pending } = await ask('GET', `${this.group}/pending`)
    return pending.map(({ id }: { id: string }) => id)
  }

  async consumers(): Promise<string[]> {
    const { consumers } = await ask('GET', `${this.group}/consumers`)
    return consumers.map(({ name }: { name: string }) => name)
  }
}

let streams = 0

/** A workplace for one test. */
export async function workplaceForTest(weir: Pick<Weir, 'url' | 'port'>): Promise<Workplace> {
  return new Workplace(weir.url, await proxyForTest(() => weir.port), `orders-${++streams}`)
}

/** Starts a Weir before the tests of a block, and stops it after them. Returns a function that returns it. */
export function weirForTests(): () => Weir {
  let weir: Weir | undefined
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'weir-test-'))
    weir = await startWeir({ WEIR_DATA_DIR: directory })
  })
  afterAll(async () => {
    await weir?.stop('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  })
  return () => {
    if (weir === undefined) throw new Error('Weir is not running')
    return weir
  }
}

/** An order whose total is valid, with a number of its own. */
export function order(number: number, takesMs?: number): Order {
  return {
    order: `${number}`,
    total: `${number}.50`,
    ...(takesMs !== undefined && { takesMs: `${takesMs}` })
  }
}
