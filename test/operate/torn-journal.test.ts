import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { ask } from '../support/http.ts'
import { run, startWeir, temporaryDirectory } from '../support/weir.ts'

const ORDERS = '/v1/streams/orders'

/** Flips a bit of a text in the first segment of a directory's journal. Returns the file. */
async function damage(directory: string, text: string): Promise<string> {
  const [name = ''] = (await readdir(join(directory, 'journal'))).filter((name) => /^\d/.test(name)).sort()
  const file = join(directory, 'journal', name)
  const bytes = await readFile(file)
  const at = bytes.lastIndexOf(text)
  expect(at).toBeGreaterThan(0)
  await writeFile(file, bytes.fill((bytes[at] ?? 0) ^ 1, at, at + 1))
  return file
}

it.each(['everysec', 'never'])(
  'a flipped bit in an answered change makes the start after kill -9 fail: WEIR_FSYNC=%s',
  async (fsync) => {
    const directory = await temporaryDirectory()
    const weir = await startWeir({ WEIR_DATA_DIR: directory, WEIR_FSYNC: fsync })
    for (let n = 1; n <= 12; n++) {
      await ask('POST', `${weir.url}${ORDERS}/entries`, { entries: [{ fields: { n: `${n}` } }] })
    }
    await weir.stop('SIGKILL')
    const file = await damage(directory, '{"n":"7"}')
    const why = new RegExp(`The journal is damaged: ${file} at byte \\d+: not a complete record`)
    await expect(startWeir({ WEIR_DATA_DIR: directory, WEIR_FSYNC: fsync })).rejects.toThrow(why)
    expect(await run(['check', directory])).toMatchObject({ code: 1, stderr: expect.stringMatching(why) })
  }
)

it('a cut that may include answered changes is logged as an error, and reported by weir check', async () => {
  const directory = await temporaryDirectory()
  // The format of its journal does not contain the boot of the machine.
  await cp(fileURLToPath(new URL('../fixtures/data-v2', import.meta.url)), directory, { recursive: true })
  await writeFile(join(directory, 'lock'), '')
  const file = await damage(directory, 'billing')
  const { code, stdout } = await run(['check', directory])
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /cut off \d+ bytes that a crash left incomplete, which may include acknowledged changes, in /
    )
  ])
  const weir = await startWeir({ WEIR_DATA_DIR: directory, WEIR_LOG_LEVEL: 'info' })
  onTestFinished(() => void weir.stop('SIGKILL'))
  expect(weir.log.find(({ msg }) => msg === 'acknowledged changes may be lost')).toMatchObject({
    level: 'error',
    file,
    offset: expect.any(Number),
    cutBytes: expect.toSatisfy((bytes) => bytes > 0),
    mayBeAnswered: true
  })
})
