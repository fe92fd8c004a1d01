import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, call } from '../support/http.ts'
import {
  CONTROL_SOCKET,
  run,
  startWeir,
  temporaryDirectory,
  type Weir,
  weirForTest
} from '../support/weir.ts'

const ORDERS = '/v1/streams/orders'
const ENTRIES = { entries: [{ fields: { item: 'book' } }] }

/** A Weir, and its data directory inside a temporary one. */
async function started(): Promise<{ weir: Weir; directory: string }> {
  const directory = join(await temporaryDirectory(), 'data')
  const weir = await weirForTest({ WEIR_DATA_DIR: directory })
  await ask('POST', `${weir.url}${ORDERS}/entries`, ENTRIES)
  return { weir, directory }
}

describe('a data directory whose lock file was deleted', () => {
  it('cannot be opened by a second process, and the first one continues', async () => {
    const { weir, directory } = await started()
    await rm(join(directory, 'lock'))
    const second = startWeir({ WEIR_DATA_DIR: directory })
    onTestFinished(() => second.then(({ stop }) => stop('SIGKILL')).then(ignore, ignore))
    await expect(second).rejects.toThrow('another process has the data directory')
    const check = await run(['check', directory])
    expect(check).toMatchObject({ code: 1, stderr: expect.stringContaining('another process has') })
    await ask('POST', `${weir.url}${ORDERS}/entries`, ENTRIES)
    expect((await ask('GET', weir.url + ORDERS)).length).toBe(2)

    const to = join(await temporaryDirectory(), 'copy')
    expect(await run(['backup', directory, to])).toMatchObject({ code: 0, stderr: '' })
    expect(await weir.stop('SIGTERM')).toBe(0)
    expect(await run(['check', directory])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('Weir stops answering and exits with 1', () => {
  const losses: Record<string, (directory: string) => Promise<unknown>> = {
    'its data directory was removed': (directory) => rm(directory, { recursive: true }),
    'its data directory was renamed': (directory) => rename(directory, `${directory}-old`),
    'its data directory was replaced by a copy': async (directory) => {
      await rename(directory, `${directory}-old`)
      await cp(`${directory}-old`, directory, {
        recursive: true,
        filter: (file) => !file.endsWith(CONTROL_SOCKET)
      })
    },
    'its store was removed': (directory) => rm(join(directory, 'store.mdb')),
    'its journal was renamed': (directory) => rename(join(directory, 'journal'), join(directory, 'old')),
    'its journal was replaced by an empty one': async (directory) => {
      await rename(join(directory, 'journal'), join(directory, 'old'))
      await mkdir(join(directory, 'journal'))
    },
    'the current segment of its journal was removed': async (directory) => {
      const [current = ''] = (await readdir(join(directory, 'journal'))).sort()
      await rm(join(directory, 'journal', current))
    }
  }

  it.each(Object.entries(losses))('if %s', async (_, lose) => {
    const { weir, directory } = await started()
    await lose(directory)
    const refused = await firstRefusal(weir)
    expect(await weir.exited).toBe(1)
    expect(['storage-failed', 'outcome-unknown', 'draining', 'closed']).toContain(refused)
    const failure = weir.log.find(({ msg }) => msg === 'storage failed')
    expect(failure).toMatchObject({ level: 'fatal', err: { message: expect.stringContaining(directory) } })
  })
})

/** Appends until an append is refused. Returns the code of the refusal, or `closed` if Weir has ended. */
async function firstRefusal({ url }: Weir): Promise<string> {
  for (;;) {
    const answer = await call('POST', `${url}${ORDERS}/entries`, ENTRIES).catch(() => null)
    if (answer === null) return 'closed'
    if (answer.status !== 201) return answer.body.code
  }
}

function ignore(): void {}
