import { spawnSync } from 'node:child_process'
import { homedir, tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ask } from '../support/http.ts'
import { describeReadOnly, readOnlyBut } from '../support/read-only.ts'
import { MAIN, startWeir, temporaryDirectory, type Weir } from '../support/weir.ts'

const ORDERS = '/v1/streams/orders'

/** Starts a Weir that can write only to this data directory. */
async function startedWith(directory: string): Promise<Weir> {
  const environment = { WEIR_DATA_DIR: directory, WEIR_LOG_LEVEL: 'debug', WEIR_WARM_UP_MS: '500' }
  const weir = await startWeir(environment, readOnlyBut(directory))
  onTestFinished(async () => {
    await weir.stop('SIGKILL')
  })
  return weir
}

describeReadOnly('on a machine that is read-only except for the data directory', () => {
  it('no other directory can be written to', async () => {
    const directory = await temporaryDirectory()
    const [program = '', ...args] = readOnlyBut(directory)
    const touch = (where: string) => spawnSync(program, [...args, 'touch', `${where}/written`]).status
    expect(touch(directory)).toBe(0)
    for (const other of ['/', '/dev/shm', '/var/tmp', tmpdir(), homedir(), process.cwd(), dirname(MAIN)]) {
      expect({ other, status: touch(other) }).toEqual({ other, status: 1 })
    }
  })

  it('Weir serves, saves, closes and starts again', async () => {
    const directory = await temporaryDirectory()
    const before = await startedWith(directory)
    expect(before.log.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
    const entries = Array.from({ length: 1000 }, (_, n) => ({
      fields: { n: `${n}`, note: 'x'.repeat(1000) }
    }))
    for (let i = 0; i < 3; i++) await ask('POST', `${before.url}${ORDERS}/entries`, { entries })
    await ask('PUT', `${before.url}${ORDERS}/groups/billing`)
    const read = await ask('POST', `${before.url}${ORDERS}/groups/billing/read`, {
      consumer: 'ann',
      count: 2
    })
    await ask('POST', `${before.url}${ORDERS}/groups/billing/ack`, { ids: [read.entries[0].id] })
    for (const page of ['/console/', '/docs', '/openapi.json', '/metrics', '/readyz']) {
      expect({ page, status: (await fetch(before.url + page)).status }).toEqual({ page, status: 200 })
    }
    // The close makes a checkpoint, which writes to the store.
    expect(await before.stop('SIGTERM')).toBe(0)

    const after = await startedWith(directory)
    expect(after.listening).toMatchObject({ recovery: { records: 0 } })
    const { length } = await ask('GET', after.url + ORDERS)
    const group = await ask('GET', `${after.url}${ORDERS}/groups/billing`)
    expect({ length, group }).toMatchObject({ length: 3000, group: { pending: 1, lag: 2998 } })
    expect(await after.stop('SIGTERM')).toBe(0)
  })
})
