import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, until } from '../support/http.ts'
import {
  CONTROL_SOCKET,
  run,
  startWeir,
  temporaryDirectory,
  type Weir,
  weirForTest
} from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`

async function append(weir: Weir, n: number, path = STREAM): Promise<string[]> {
  const entries = Array.from({ length: 10 }, () => ({ fields: { n: `${n}`, note: 'x'.repeat(300) } }))
  return (await ask('POST', `${weir.url}${path}/entries`, { entries })).ids
}

async function idsIn(weir: Weir): Promise<string[]> {
  const ids: string[] = []
  for (let last = '0-0'; ; last = ids.at(-1) ?? last) {
    const { entries } = await ask('GET', `${weir.url}${STREAM}/entries?limit=1000&after=${last}`)
    if (entries.length === 0) return ids
    for (const { id } of entries) ids.push(id)
  }
}

async function checkpoints(weir: Weir): Promise<number> {
  const metrics = await (await fetch(`${weir.url}/metrics`)).text()
  return Number(/^weir_checkpoint_seconds_count (\d+)$/m.exec(metrics)?.[1])
}

describe('weir backup', () => {
  it('under load copies everything that was answered up to one moment, and nothing after it', async () => {
    const directory = await temporaryDirectory()
    // With so little memory, Weir makes a checkpoint every few megabytes.
    const weir = await weirForTest({ WEIR_DATA_DIR: directory, WEIR_MEMORY_BYTES: '32MiB' })
    await ask('PUT', `${weir.url}${GROUP}`, { createStream: true })
    const answered: string[] = []
    let isOver = false
    const produce = async () => {
      for (let n = 0; !isOver; n++) answered.push(...(await append(weir, n)))
    }
    const consume = async () => {
      while (!isOver) {
        const { entries } = await ask('POST', `${weir.url}${GROUP}/read`, { consumer: 'ann', count: 100 })
        const ids = entries.map(({ id }: { id: string }) => id)
        if (ids.length > 0) await ask('POST', `${weir.url}${GROUP}/ack`, { ids })
      }
    }
    const working = [produce(), produce(), produce(), produce(), consume()]
    await until(async () => (await checkpoints(weir)) >= 2)

    const to = join(await temporaryDirectory(), 'copy')
    const before = [...answered]
    const { code, stdout, stderr } = await run(['backup', directory, to])
    const after = new Set(answered)
    isOver = true
    await Promise.all(working)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`${to} is sound.`)

    const all = await idsIn(weir)
    expect(await weir.stop('SIGTERM')).toBe(0)
    const restored = await weirForTest({ WEIR_DATA_DIR: to })
    const kept = await idsIn(restored)
    // The copy has all entries up to one moment, which was neither before the command began nor after it ended.
    expect(kept).toEqual(all.slice(0, kept.length))
    const keptSet = new Set(kept)
    expect(before.filter((id) => !keptSet.has(id))).toEqual([])
    // Each producer may have had one request in flight.
    expect(kept.filter((id) => !after.has(id)).length).toBeLessThanOrEqual(4 * 10)
    const { lastDeliveredId, pending } = await ask('GET', restored.url + GROUP)
    expect(keptSet.has(lastDeliveredId)).toBe(true)
    expect(pending).toBeLessThanOrEqual(100)
  })

  it('releases the journal when it is finished', async () => {
    const directory = await temporaryDirectory()
    const weir = await weirForTest({ WEIR_DATA_DIR: directory, WEIR_MEMORY_BYTES: '32MiB' })
    await append(weir, 0)
    expect((await run(['backup', directory, join(await temporaryDirectory(), 'copy')])).code).toBe(0)
    const segments = async () =>
      (await readdir(join(directory, 'journal'))).filter((name) => /^\d/.test(name))
    const [first = ''] = await segments()
    for (let n = 0; (await segments()).includes(first); n++) await append(weir, n)
  })

  it('copies a directory that is not in use', async () => {
    const directory = await temporaryDirectory()
    const before = await startWeir({ WEIR_DATA_DIR: directory })
    const ids = await append(before, 1)
    await before.stop('SIGKILL')
    const to = join(await temporaryDirectory(), 'copy')
    expect((await run(['backup', directory, to])).code).toBe(0)
    const restored = await weirForTest({ WEIR_DATA_DIR: to })
    expect(await idsIn(restored)).toEqual(ids)
    expect(await append(restored, 2)).toHaveLength(10)
  })

  it('copies the directory of a Weir that has stored nothing yet', async () => {
    const directory = await temporaryDirectory()
    await weirForTest({ WEIR_DATA_DIR: directory })
    const to = join(await temporaryDirectory(), 'copy')
    expect(await run(['backup', directory, to])).toMatchObject({ code: 0, stderr: '' })
    const restored = await weirForTest({ WEIR_DATA_DIR: to })
    expect(await append(restored, 1)).toHaveLength(10)
  })

  it('copies a directory whose path is too long for the path of a socket', async () => {
    const directory = join(await temporaryDirectory(), 'long'.repeat(40))
    const weir = await weirForTest({ WEIR_DATA_DIR: directory })
    const ids = await append(weir, 1)
    const to = join(await temporaryDirectory(), 'copy')
    expect(await run(['backup', directory, to])).toMatchObject({ code: 0, stderr: '' })
    expect(await idsIn(await weirForTest({ WEIR_DATA_DIR: to }))).toEqual(ids)
    expect(await weir.stop('SIGTERM')).toBe(0)
    expect(await readdir(directory)).not.toContain(CONTROL_SOCKET)
  })

  it('works after Weir was killed and started again', async () => {
    const directory = await temporaryDirectory()
    const killed = await startWeir({ WEIR_DATA_DIR: directory })
    await killed.stop('SIGKILL')
    const weir = await weirForTest({ WEIR_DATA_DIR: directory })
    expect(weir.log.map(({ msg }) => msg)).not.toContain(
      'backups are only possible while Weir is not running'
    )
    expect((await run(['backup', directory, join(await temporaryDirectory(), 'copy')])).code).toBe(0)
  })

  it('leaves no files if it fails, and changes no existing ones', async () => {
    const directory = await temporaryDirectory()
    const parent = await temporaryDirectory()
    const to = join(parent, 'copy')
    expect(await run(['backup', directory, to])).toMatchObject({
      code: 1,
      stderr: `weir: ${directory} is not a data directory\n`
    })
    const weir = await startWeir({ WEIR_DATA_DIR: directory })
    await append(weir, 1)
    await weir.stop()
    const broken = join(parent, 'broken')
    await cp(directory, broken, { recursive: true })
    await writeFile(join(broken, 'store.mdb'), 'nonsense')
    expect((await run(['backup', broken, to])).code).toBe(1)
    expect(await readdir(parent)).toEqual(['broken'])
    expect(await run(['backup', directory, join(parent, 'missing', 'copy')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('missing')
    })

    await mkdir(to)
    await symlink('copy', join(parent, 'link'))
    for (const existing of ['copy', 'link', 'broken']) {
      expect(await run(['backup', directory, join(parent, existing)])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('already exists')
      })
    }
    expect(await readdir(to)).toEqual([])
  })
})
