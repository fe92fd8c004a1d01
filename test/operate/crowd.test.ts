import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { COPIES_LAST_MS, LISTENER_COPIES } from '../../src/serve/listener-copies.ts'
import { Connection } from '../support/connection.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { type Weir, weirForTest } from '../support/weir.ts'

const FAILING = new URL('../support/failing-fork.js', import.meta.url).href
const GROUP = '/v1/streams/orders/groups/billing'
const ONE_AT_A_TIME = 'connections are accepted one at a time'
/** The state of a listening socket in the kernel's list of sockets. */
const LISTENING = '0A'
/** Enough connections for several at each handle. */
const CROWD = 200

/** How many handles Weir has for the socket that it listens on. */
async function listeningHandles({ process: { pid }, port }: Weir): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = (await readFile(`/proc/${pid}/net/tcp`, 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const inode = sockets.find(([, address, , state]) => address?.endsWith(local) && state === LISTENING)?.[9]
  const directory = `/proc/${pid}/fd`
  const files = await Promise.all(
    (await readdir(directory)).map((file) => readlink(`${directory}/${file}`).catch(() => ''))
  )
  return files.filter((file) => file === `socket:[${inode}]`).length
}

function crowdOf(weir: Weir): Connection[] {
  const crowd = Array.from({ length: CROWD }, () => new Connection(weir.url))
  onTestFinished(() => {
    for (const { socket } of crowd) socket.destroy()
  })
  return crowd
}

describe('many clients that connect at once', () => {
  it('are accepted by several handles of one socket', async () => {
    const weir = await weirForTest()
    await until(async () => (await listeningHandles(weir)) === 1 + LISTENER_COPIES)
    expect(weir.log.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).not.toContain(
      ONE_AT_A_TIME
    )
  })

  it('are all answered before Weir exits, and none is accepted afterwards', async () => {
    const weir = await weirForTest()
    await until(async () => (await listeningHandles(weir)) === 1 + LISTENER_COPIES)
    await ask('PUT', `${weir.url}${GROUP}`, { createStream: true })
    const crowd = crowdOf(weir)
    for (const connection of crowd)
      connection.request('POST', `${GROUP}/read`, { consumer: 'ann', waitMs: 60_000 })
    await until(async () => (await readersWaiting(weir.url)) === CROWD)

    weir.process.kill('SIGTERM')
    for (const connection of crowd)
      expect(await connection.answer()).toMatchObject({ status: 200, body: { entries: [] } })
    expect(await weir.exited).toBe(0)
    await expect(fetch(`${weir.url}/livez`)).rejects.toThrow('fetch failed')
  })

  it('are served by one handle once the start is over, including those that connected before', async () => {
    const weir = await weirForTest()
    await until(async () => (await listeningHandles(weir)) === 1 + LISTENER_COPIES)
    const before = crowdOf(weir)
    for (const connection of before) connection.request('GET', '/livez')
    for (const connection of before) expect(await connection.answer()).toMatchObject({ status: 200 })
    await sleep(COPIES_LAST_MS)
    await until(async () => (await listeningHandles(weir)) === 1)

    const after = crowdOf(weir)
    for (const connection of [...before, ...after]) connection.request('GET', '/livez')
    for (const connection of [...before, ...after])
      expect(await connection.answer()).toMatchObject({ status: 200 })
    weir.process.kill('SIGTERM')
    expect(await weir.exited).toBe(0)
  })

  it('are accepted one at a time if Weir cannot start another process', async () => {
    const weir = await weirForTest({ NODE_OPTIONS: `--import=${FAILING}` })
    await until(async () => weir.log.some(({ level, msg }) => level === 'warn' && msg === ONE_AT_A_TIME))
    const crowd = crowdOf(weir)
    for (const connection of crowd) connection.request('GET', '/livez')
    for (const connection of crowd) expect(await connection.answer()).toMatchObject({ status: 200 })
    expect(await listeningHandles(weir)).toBe(1)
  })
})
