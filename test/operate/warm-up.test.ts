import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SCRATCH_DIRECTORY } from '../../src/serve/warm-up.ts'
import { ask, until } from '../support/http.ts'
import { LAUNCHER, ownEnvironment, run, temporaryDirectory, weirForTest } from '../support/weir.ts'

const FAILING = new URL('../support/failing-warm-up.js', import.meta.url).href

/** Starts a Weir whose warm-up takes longer than the test, and waits until the warm-up writes. */
async function warmingUp(directory: string) {
  const child = spawn(LAUNCHER, [], {
    env: {
      ...ownEnvironment(),
      WEIR_PORT: '0',
      WEIR_DATA_DIR: directory,
      WEIR_WARM_UP_MS: '10000',
      WEIR_FSYNC: 'never'
    },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const log = text(child.stdout)
  const exited = once(child, 'exit')
  const segments = join(directory, SCRATCH_DIRECTORY, 'journal')
  await until(async () => existsSync(segments) && (await readdir(segments)).length > 0)
  return { child, log, exited }
}

/** Weir's own metrics, without those of Node and of the process. */
async function ownMetrics(url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return metrics.split('\n').filter((line) => line.startsWith('weir_'))
}

describe('warming up', () => {
  it('sends requests that leave no trace in the data, the metrics and the log', async () => {
    const [cold, warm] = [await temporaryDirectory(), await temporaryDirectory()]
    const started = async (directory: string, ms: string) =>
      weirForTest({ WEIR_DATA_DIR: directory, WEIR_WARM_UP_MS: ms, WEIR_LOG_LEVEL: 'debug' })
    const before = await started(cold, '0')
    const after = await started(warm, '5000')

    const [done] = after.log.filter(({ msg }) => msg === 'warmed up')
    expect(done?.['requests']).toBeGreaterThan(0)
    const others = ({ log }: typeof after) =>
      log.map(({ msg }) => String(msg).replace(/\d+$/, 'PORT')).filter((msg) => msg !== 'warmed up')
    expect(others(after)).toEqual(others(before))
    expect(await ownMetrics(after.url)).toEqual(await ownMetrics(before.url))
    expect(await ask('GET', `${after.url}/v1/streams`)).toMatchObject({ streams: [] })
    expect((await readdir(warm, { recursive: true })).sort()).toEqual(
      (await readdir(cold, { recursive: true })).sort()
    )
  })

  it('does not prevent a start if it fails', async () => {
    const weir = await weirForTest({ WEIR_WARM_UP_MS: '5000', NODE_OPTIONS: `--import ${FAILING}` })
    expect(weir.log).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'warm-up failed' }))
    expect(await ask('GET', `${weir.url}/readyz`)).toMatchObject({ ready: true })
  })

  it('ends on SIGTERM, and Weir exits without listening', async () => {
    const directory = await temporaryDirectory()
    const { child, log, exited } = await warmingUp(directory)
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    expect(await log).toContain('"closed"')
    expect(await log).not.toContain('istening')
    expect(await readdir(directory)).not.toContain(SCRATCH_DIRECTORY)
  })

  it.each(['0', '500'])(
    'leaves a directory if the start is killed, which the next start removes: %s ms',
    async (ms) => {
      const directory = await temporaryDirectory()
      const { child, exited } = await warmingUp(directory)
      child.kill('SIGKILL')
      await exited
      expect(await readdir(directory)).toContain(SCRATCH_DIRECTORY)
      expect(await run(['check', directory])).toMatchObject({ code: 0 })
      const copy = join(await temporaryDirectory(), 'copy')
      expect(await run(['backup', directory, copy])).toMatchObject({ code: 0 })
      expect(await readdir(copy)).not.toContain(SCRATCH_DIRECTORY)

      const weir = await weirForTest({ WEIR_DATA_DIR: directory, WEIR_WARM_UP_MS: ms })
      // If the removal takes longer than the warm-up may, it continues afterwards.
      await until(async () => !existsSync(join(directory, SCRATCH_DIRECTORY)))
      expect(weir.log.filter(({ msg }) => msg === 'warm-up failed')).toEqual([])
    }
  )
})
