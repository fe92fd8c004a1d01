import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask } from '../support/http.ts'
import { CONTROL_SOCKET, run, startWeir, temporaryDirectory, type Weir } from '../support/weir.ts'

const ENTRIES = { entries: [{ fields: { item: 'book' } }] }
const WITH_OPEN_UMASK = ['sh', '-c', 'umask 000; exec "$@"', 'sh']

async function startedWith(directory: string): Promise<Weir> {
  const weir = await startWeir({ WEIR_DATA_DIR: directory }, WITH_OPEN_UMASK)
  onTestFinished(async () => {
    await weir.stop('SIGKILL')
  })
  await ask('POST', `${weir.url}/v1/streams/orders/entries`, ENTRIES)
  return weir
}

/** The permissions of all files and folders in a directory, keyed by name. */
async function modes(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    found[name.replace(/\d{16}/, 'segment')] = octal((await stat(join(directory, name))).mode)
  }
  return found
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8)
}

const FILES = { lock: '600', 'store.mdb': '600', 'store.mdb-lock': '600' }
const JOURNAL = { journal: '700', 'journal/segment.journal': '600' }
const EXPOSED = 'other users can read or write data'

describe('the permissions of files', () => {
  it('are for the owner alone, even in a directory that everybody can read, and the log warns of that directory', async () => {
    const directory = join(await temporaryDirectory(), 'data')
    await mkdir(directory)
    await chmod(directory, 0o755)
    const weir = await startedWith(directory)
    expect(weir.log).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: EXPOSED, path: directory, mode: '0755' })
    )
    expect(await modes(directory)).toEqual({ ...FILES, ...JOURNAL, [CONTROL_SOCKET]: '600' })

    const to = join(await temporaryDirectory(), 'copy')
    const backup = await run(['backup', directory, to])
    expect(backup).toMatchObject({ code: 0, stderr: '' })
    expect(await modes(to)).toEqual({ ...FILES, ...JOURNAL })
    expect(octal((await stat(to)).mode)).toBe('700')
  })

  it('are taken from other users at the next start', async () => {
    const directory = join(await temporaryDirectory(), 'data')
    const before = await startedWith(directory)
    expect(before.log.filter(({ msg }) => msg === EXPOSED)).toEqual([])
    await before.stop('SIGTERM')
    for (const item of await readdir(directory, { recursive: true, withFileTypes: true })) {
      await chmod(join(item.parentPath, item.name), item.isFile() ? 0o644 : 0o755)
    }
    await startedWith(directory)
    expect(await modes(directory)).toEqual({ ...FILES, ...JOURNAL, [CONTROL_SOCKET]: '600' })
  })
})
