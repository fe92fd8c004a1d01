import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { startWeir, temporaryDirectory, type Weir } from '../support/weir.ts'

const ORDERS = '/v1/streams/orders'
const MEGABYTE = { entries: [{ fields: { note: 'x'.repeat(1 << 20) } }] }

/** Starts Weir with this hard and soft limit of open files. */
async function startedWith(openFiles: number, environment: Record<string, string> = {}): Promise<Weir> {
  const weir = await startWeir({ WEIR_DATA_DIR: await temporaryDirectory(), ...environment }, [
    ...['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh']
  ])
  onTestFinished(async () => {
    await weir.stop('SIGKILL')
  })
  return weir
}

function connectionTo({ url }: Weir): Connection {
  const connection = new Connection(url)
  onTestFinished(() => {
    connection.socket.destroy()
  })
  return connection
}

async function status(connection: Connection, method: string, path: string, body?: unknown) {
  connection.request(method, path, body)
  return (await connection.answer())?.status
}

async function metric(connection: Connection, name: string): Promise<number> {
  connection.request('GET', '/metrics')
  const answer = await connection.answer()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(answer?.body)?.[1])
}

describe('connections beyond the limit of open files', () => {
  it('are closed at once, while appends continue with new segments and checkpoints', async () => {
    // Every two megabytes Weir makes a checkpoint, and a segment of the journal has room for a few of them.
    const weir = await startedWith(256, { WEIR_MEMORY_BYTES: '32MiB' })
    const producer = connectionTo(weir)
    expect(await status(producer, 'PUT', ORDERS)).toBe(200)
    const others = Array.from({ length: 600 }, () => connectionTo(weir))
    const { maxConnections } = weir.listening as { maxConnections: number }
    expect(maxConnections).toBeGreaterThan(100)
    await until(async () => (await metric(producer, 'weir_connections_refused_total')) > 600 - maxConnections)
    expect(await metric(producer, 'weir_connections')).toBe(maxConnections)

    const statuses = new Set<number | undefined>()
    for (let i = 0; i < 24; i++) statuses.add(await status(producer, 'POST', `${ORDERS}/entries`, MEGABYTE))
    expect([...statuses]).toEqual([201])
    await until(async () => (await metric(producer, 'weir_checkpoint_seconds_count')) > 2)
    expect(await metric(producer, 'weir_checkpoint_failures_total')).toBe(0)

    const warnings = weir.log.filter(
      ({ msg }) => msg === 'connections closed at once: connection limit reached'
    )
    expect(warnings[0]).toMatchObject({ level: 'warn', maxConnections, refused: 1 })
    for (const { socket } of others) socket.destroy()
    await until(async () => (await metric(producer, 'weir_connections')) === 1)
    expect(await status(connectionTo(weir), 'GET', '/livez')).toBe(200)
  })

  it('stay refused with a higher WEIR_MAX_CONNECTIONS, and a lower one becomes the limit', async () => {
    const lowered = await startedWith(256, { WEIR_MAX_CONNECTIONS: '1000' })
    const { maxConnections } = lowered.listening as { maxConnections: number }
    expect(maxConnections).toBeLessThan(256)
    expect(lowered.log).toContainEqual(
      expect.objectContaining({ level: 'warn', configured: 1000, maxConnections, openFileLimit: 256 })
    )

    const weir = await startedWith(1024, { WEIR_MAX_CONNECTIONS: '2' })
    const [first, second, third] = [connectionTo(weir), connectionTo(weir), connectionTo(weir)]
    for (const one of [first, second]) expect(await status(one, 'GET', '/livez')).toBe(200)
    await third.closed()
    first.socket.destroy()
    await until(async () => (await metric(second, 'weir_connections')) === 1)
    expect(await status(connectionTo(weir), 'GET', '/livez')).toBe(200)
  })
})
