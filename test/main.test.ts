import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { helpText } from '../src/config/help.ts'
import { ask, call, readersWaiting, until } from './support/http.ts'
import { NODE_FLAGS, run, startWeir, temporaryDirectory, weirForTest } from './support/weir.ts'

describe('weir', () => {
  it('prints its help', async () => {
    expect(await run(['--help'])).toEqual({ code: 0, stdout: helpText(), stderr: '' })
  })

  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  })

  it('refuses unknown arguments', async () => {
    const { code, stdout, stderr } = await run(['--port', '80'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe('weir: unknown arguments: --port 80\nweir: Try weir --help.\n')
  })

  it('reports every mistake in its environment', async () => {
    const { code, stderr } = await run([], { WEIR_PORT: 'x', WEIR_HOST: '0.0.0.0', WEIR_FSINC: 'never' })
    expect(code).toBe(2)
    expect(stderr.match(/^weir: .*(WEIR_PORT|WEIR_HOST|WEIR_FSINC).*$/gm)).toHaveLength(3)
  })

  it('reports in one line that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const { code, stderr } = await run([], {
      WEIR_PORT: String(port),
      WEIR_DATA_DIR: await temporaryDirectory()
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^weir: .*${port}.*\n$`))
  })

  it('reports in one line that another process uses its data directory', async () => {
    const directory = await temporaryDirectory()
    await weirForTest({ WEIR_DATA_DIR: directory })
    const { code, stderr } = await run([], { WEIR_PORT: '0', WEIR_DATA_DIR: directory })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^weir: .*\n$/)
    expect(stderr).toContain(directory)
  })

  it('reports in one line that its data directory is a file', async () => {
    const file = `${await temporaryDirectory()}/file`
    await writeFile(file, '')
    const { code, stderr } = await run([], { WEIR_PORT: '0', WEIR_DATA_DIR: file })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^weir: .*\n$/)
    expect(stderr).toContain(`WEIR_DATA_DIR is "${file}", which cannot be used: `)
  })

  it.each(['?db=2', '/notanumber', '/1?cluster', '#2'])(
    'does not start if it does not support a part of the Redis address: %s',
    async (part) => {
      const environment = {
        WEIR_ENGINE: 'redis',
        WEIR_REDIS_URL: `redis://127.0.0.1:1${part}`,
        WEIR_PORT: '0'
      }
      const { code, stdout, stderr } = await run([], environment)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^weir: WEIR_REDIS_URL (?:has|names) .*\n$/)
    }
  )

  it('escapes invisible characters when it prints its arguments', async () => {
    const { code, stderr } = await run(['check\u200b', 'x\r'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'weir: unknown arguments: check\\u{200b} x\\r\nweir: Try weir --help.\n'
    })
  })

  it('reports in one line where its journal is damaged', async () => {
    const directory = await temporaryDirectory()
    const before = await startWeir({ WEIR_DATA_DIR: directory })
    for (const item of ['book', 'pen']) {
      await ask('POST', `${before.url}/v1/streams/orders/entries`, { entries: [{ fields: { item } }] })
    }
    await before.stop('SIGKILL')
    const [segment = ''] = (await readdir(join(directory, 'journal'))).toSorted()
    const file = join(directory, 'journal', segment)
    const journal = await readFile(file)
    journal.write('nook', journal.indexOf('"book"') + 1)
    await writeFile(file, journal)
    const { code, stderr } = await run([], { WEIR_PORT: '0', WEIR_DATA_DIR: directory })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^weir: .*\n$/)
    expect(stderr).toContain(segment)
  })

  it('logs its address and what it recovered', async () => {
    const directory = await temporaryDirectory()
    const before = await startWeir({ WEIR_DATA_DIR: directory })
    await ask('POST', `${before.url}/v1/streams/orders/entries`, { entries: [{ fields: { item: 'book' } }] })
    await before.stop('SIGKILL')
    const { listening, url } = await weirForTest({ WEIR_DATA_DIR: directory })
    expect(listening).toMatchObject({ level: 'info', msg: 'listening', address: url, directory })
    const [, workers] = /^--v8-pool-size=(\d)$/m.exec(execFileSync(NODE_FLAGS, { encoding: 'utf8' })) ?? []
    expect(listening).toMatchObject({ node: process.version, v8Workers: Number(workers) })
    expect(listening).toMatchObject({ recovery: { records: 1 } })
  })

  it('answers its waiting readers and exits with 0 on SIGTERM', async () => {
    const weir = await weirForTest()
    const group = `${weir.url}/v1/streams/orders/groups/billing`
    await ask('PUT', group, { createStream: true })
    const readers = ['ann', 'bob'].map((consumer) =>
      call('POST', `${group}/read`, { consumer, waitMs: 60_000 })
    )
    await until(async () => (await ask('GET', `${group}/consumers`)).consumers.length === 2)
    expect(await weir.stop('SIGTERM')).toBe(0)
    for (const answer of await Promise.all(readers)) {
      expect(answer).toEqual({ status: 200, body: { entries: [] } })
    }
  })

  it('treats the two signals of one Ctrl-C as one', async () => {
    const weir = await weirForTest()
    weir.process.kill('SIGINT')
    expect(await weir.stop('SIGINT')).toBe(0)
  })

  it('does not wait for accepted requests after a second signal', async () => {
    const weir = await weirForTest()
    const socket = connect(weir.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write('POST /v1/streams/orders/entries HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n')
    await ask('GET', `${weir.url}/v1/streams`)
    weir.process.kill('SIGTERM')
    await until(async () => !weir.process.kill('SIGTERM') || weir.process.exitCode !== null)
    expect(await weir.exited).toBe(1)
    expect(weir.log.map(({ msg }) => msg)).not.toContain('closing took too long')
  })

  it('logs an uncaught exception with its stack, and exits with 1', async () => {
    const preload = new URL('./support/throwing.js', import.meta.url).href
    const weir = await weirForTest({ NODE_OPTIONS: `--import ${preload}` })
    expect(await weir.stop('SIGUSR2')).toBe(1)
    expect(weir.log.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'uncaught exception',
      err: { message: 'nobody catches this', stack: expect.stringContaining('throwing.js') }
    })
  })

  it('answers its readers and exits with 1 when its disk fails, and the next start has what was answered', async () => {
    const directory = await temporaryDirectory()
    const failing = join(directory, 'failing')
    const environment = { WEIR_DATA_DIR: join(directory, 'data') }
    const preload = new URL('./support/failing-disk.js', import.meta.url).href
    const weir = await startWeir({
      ...environment,
      NODE_OPTIONS: `--import ${preload}`,
      FAILING_DISK: failing
    })
    const stream = `${weir.url}/v1/streams/orders`
    const entries = [{ fields: { item: 'book' } }]
    const { ids } = await ask('POST', `${stream}/entries`, { entries })
    await ask('PUT', `${stream}/groups/billing`, { after: 'last' })
    const reader = call('POST', `${stream}/groups/billing/read`, { consumer: 'ann', waitMs: 60_000 })
    await until(async () => (await readersWaiting(weir.url)) === 1)

    await writeFile(failing, '')
    const append = await call('POST', `${stream}/entries`, { entries })
    expect(append).toMatchObject({ status: 504, body: { code: 'outcome-unknown', sideEffects: 'possible' } })
    expect((await reader).body.entries ?? []).toEqual([])
    expect(await weir.exited).toBe(1)
    expect(weir.log.map(({ msg }) => msg)).toContain('storage failed')

    const after = await weirForTest(environment)
    const kept = await ask('GET', `${after.url}/v1/streams/orders/entries`)
    expect(kept.entries[0]).toEqual({ id: ids[0], ...entries[0] })
  })

  it('keeps what it answered on SIGTERM, even with WEIR_FSYNC=never', async () => {
    const environment = { WEIR_DATA_DIR: await temporaryDirectory(), WEIR_FSYNC: 'never' }
    const before = await startWeir(environment)
    const { ids } = await ask('POST', `${before.url}/v1/streams/orders/entries`, {
      entries: [{ fields: { item: 'book' } }]
    })
    expect(await before.stop('SIGTERM')).toBe(0)
    const after = await weirForTest(environment)
    const { entries } = await ask('GET', `${after.url}/v1/streams/orders/entries`)
    expect(entries).toEqual([{ id: ids[0], fields: { item: 'book' } }])
  })
})
