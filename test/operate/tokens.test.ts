import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readersWaiting, until } from '../support/http.ts'
import { tokensFor } from '../support/tokens.ts'
import { run, temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

const TOKENS = tokensFor({ ann: ['append:orders', 'read:orders', 'manage:orders'], bob: ['admin'] })
const OTHERS = tokensFor({ carol: ['admin'] })

async function tokensFile(): Promise<string> {
  const file = join(await temporaryDirectory(), 'tokens.json')
  await writeFile(file, TOKENS.file)
  return file
}

async function statusFor(weir: Weir, headers: Record<string, string>): Promise<number> {
  const { status } = await fetch(`${weir.url}/v1/streams`, { headers })
  return status
}

function lines(weir: Weir, msg: string): Record<string, unknown>[] {
  return weir.log.filter((line) => line['msg'] === msg)
}

const KEPT = 'tokens not reloaded: the previous version stays in use'

describe('weir token', () => {
  it('prints a token and its line for the tokens file, with which Weir accepts it', async () => {
    const { code, stdout, stderr } = await run(['token', 'billing', 'consume:orders*', 'append:bills'])
    const [token = '', line = ''] = stdout.split('\n')
    expect({ code, others: stdout.split('\n').slice(2) }).toEqual({ code: 0, others: [''] })
    expect(token).toMatch(/^weir_[\w-]{43}$/)
    expect(JSON.parse(line)).toMatchObject({ name: 'billing', allow: ['consume:orders*', 'append:bills'] })
    expect(stderr).toContain('WEIR_TOKENS_FILE')

    const file = join(await temporaryDirectory(), 'tokens.json')
    await writeFile(file, `{"tokens":[${line}]}`)
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    expect(await statusFor(weir, { authorization: `Bearer ${token}` })).toBe(200)
    expect(await statusFor(weir, {})).toBe(401)
  })

  it('names the argument that it does not understand', async () => {
    const { code, stdout, stderr } = await run(['token', 'billing', 'eat:orders'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('"eat:orders"')
  })
})

describe('a tokens file', () => {
  it('must be valid when Weir starts', async () => {
    const file = await tokensFile()
    await writeFile(file, '{"tokens":[{}]}')
    const settings = { WEIR_PORT: '0', WEIR_DATA_DIR: await temporaryDirectory(), WEIR_TOKENS_FILE: file }
    const refusedFor = async (why: string) => {
      const stderr = expect.stringMatching(
        `^weir: WEIR_TOKENS_FILE is "${file}", which cannot be used: ${why}`
      )
      expect(await run([], settings)).toMatchObject({ code: 1, stderr })
    }
    await refusedFor('/tokens/0: ')
    await writeFile(file, '{')
    await refusedFor('not valid JSON')
    await writeFile(file, Buffer.from(`\ufeff${TOKENS.file}`, 'utf16le'))
    await refusedFor('not valid UTF-8')
    await unlink(file)
    await refusedFor('ENOENT: ')
    await mkdir(file)
    await refusedFor('EISDIR: ')
  })

  it('may begin with a byte order mark', async () => {
    const file = await tokensFile()
    await writeFile(file, `\ufeff${TOKENS.file}`)
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    expect(await statusFor(weir, TOKENS.headers('bob'))).toBe(200)
    await writeFile(file, `\ufeff${OTHERS.file}`)
    await until(async () => (await statusFor(weir, OTHERS.headers('carol'))) === 200)
  })

  it('is reloaded when it is replaced, and a removed token is no longer accepted', async () => {
    const file = await tokensFile()
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    expect(await statusFor(weir, TOKENS.headers('bob'))).toBe(200)
    await writeFile(`${file}.new`, OTHERS.file)
    await rename(`${file}.new`, file)
    await until(async () => (await statusFor(weir, OTHERS.headers('carol'))) === 200)
    expect(await statusFor(weir, TOKENS.headers('bob'))).toBe(401)
  })

  it('is reloaded whenever a symbolic link to it changes', async () => {
    const directory = await temporaryDirectory()
    const weirs: Weir[] = []
    for (const [index, { file }] of [TOKENS, OTHERS, TOKENS].entries()) {
      await writeFile(join(directory, `${index}.json`), file)
      await symlink(`${index}.json`, join(directory, 'next'))
      await rename(join(directory, 'next'), join(directory, 'tokens.json'))
      weirs[0] ??= await weirForTest({ WEIR_TOKENS_FILE: join(directory, 'tokens.json') })
      const [weir] = weirs as [Weir]
      const known = index === 1 ? OTHERS.headers('carol') : TOKENS.headers('bob')
      await until(async () => (await statusFor(weir, known)) === 200)
    }
  })

  it('ends waiting requests when their token is removed from it', async () => {
    const file = await tokensFile()
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    const stream = `${weir.url}/v1/streams/orders`
    await fetch(stream, { method: 'PUT', headers: TOKENS.headers('bob') })
    const poll = fetch(`${stream}/entries?waitMs=60000`, { headers: TOKENS.headers('ann') })
    const tail = await fetch(`${stream}/tail`, { headers: TOKENS.headers('ann') })
    await until(async () => (await readersWaiting(weir.url, TOKENS.headers('bob'))) === 2)
    await writeFile(`${file}.new`, OTHERS.file)
    await rename(`${file}.new`, file)
    expect((await poll).status).toBe(401)
    expect(await tail.text()).toMatch(/^event: problem\ndata: {.*"code":"unauthenticated".*}\n\n$/)
    expect(await readersWaiting(weir.url, OTHERS.headers('carol'))).toBe(0)
  })

  it('is reloaded at once on SIGHUP, which ends no request whose token stays', async () => {
    const file = await tokensFile()
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    const stream = `${weir.url}/v1/streams/orders`
    await fetch(stream, { method: 'PUT', headers: TOKENS.headers('bob') })
    const waiting = fetch(`${stream}/entries?waitMs=60000`, { headers: TOKENS.headers('ann') })
    await until(async () => (await readersWaiting(weir.url, TOKENS.headers('bob'))) === 1)
    const tokens = [TOKENS, OTHERS].flatMap((known) => JSON.parse(known.file).tokens)
    await writeFile(file, JSON.stringify({ tokens }))
    weir.process.kill('SIGHUP')
    await until(async () => (await statusFor(weir, OTHERS.headers('carol'))) === 200)
    const appended = await fetch(`${stream}/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...OTHERS.headers('carol') },
      body: '{"entries":[{"fields":{"order":"1001"}}]}'
    })
    expect(appended.status).toBe(201)
    expect((await waiting).status).toBe(200)
    expect(await weir.stop('SIGTERM')).toBe(0)
  })

  it('that is invalid or missing at a reload leaves the tokens unchanged, and the log reports it', async () => {
    const file = await tokensFile()
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file })
    await writeFile(file, '{"tokens":[{"name":"secret')
    weir.process.kill('SIGHUP')
    await until(async () => lines(weir, KEPT).length > 0)
    await rm(file)
    await until(async () => lines(weir, KEPT).some(({ why }) => String(why).includes('ENOENT')))
    expect(lines(weir, KEPT)[0]).toMatchObject({ level: 'error', files: [file] })
    expect(await statusFor(weir, TOKENS.headers('bob'))).toBe(200)
    await writeFile(file, OTHERS.file)
    await until(async () => (await statusFor(weir, OTHERS.headers('carol'))) === 200)
  })
})

describe('Weir without a tokens file', () => {
  it('exits on SIGHUP, as when its terminal closes', async () => {
    const weir = await weirForTest()
    expect(await weir.stop('SIGHUP')).toBe(0)
  })
})

describe('the log', () => {
  it('contains no token, no field and no payload, whatever the request and its outcome', async () => {
    const file = await tokensFile()
    const weir = await weirForTest({ WEIR_TOKENS_FILE: file, WEIR_LOG_LEVEL: 'trace' })
    const requests: [string, string, string][] = [
      ['PUT', '/v1/streams/orders', '{}'],
      ['POST', '/v1/streams/orders/entries', '{"entries":[{"fields":{"classified":"topsecret"}}]}'],
      ['POST', '/v1/streams/orders/entries', '{"entries":[{"fields":{"classified":1}}],"topsecret":1}'],
      ['POST', '/v1/streams/orders/entries', '{"entries":[{"fields":{"classified":"topsecret"'],
      ['POST', '/v1/streams/bills/entries', '{"entries":[{"fields":{"classified":"topsecret"}}]}'],
      ['GET', '/v1/streams/orders/entries', ''],
      ['GET', '/v1/nonsense', '']
    ]
    const secrets = ['ann', 'bob'].map((name) => TOKENS.headers(name).authorization.slice('Bearer '.length))
    for (const authorization of [
      ...secrets.map((secret) => `Bearer ${secret}`),
      'Bearer weir_unknown',
      'weir_odd'
    ]) {
      for (const [method, path, body] of requests) {
        await fetch(weir.url + path, {
          method,
          headers: { authorization, 'content-type': 'application/json' },
          ...(body !== '' && { body })
        })
      }
    }
    await writeFile(file, TOKENS.file.replace('"sha256"', '"topsecret"'))
    weir.process.kill('SIGHUP')
    await until(async () => lines(weir, KEPT).length > 0)
    expect(await weir.stop('SIGTERM')).toBe(0)
    const text = JSON.stringify(weir.log)
    expect(lines(weir, 'answered').length).toBeGreaterThan(20)
    for (const secret of [...secrets, 'weir_unknown', 'weir_odd', 'classified'])
      expect(text).not.toContain(secret)
    expect(text).not.toContain('topsecret')
  })

  it('contains the name of the token and the trace of a request', async () => {
    const weir = await weirForTest({ WEIR_TOKENS_FILE: await tokensFile(), WEIR_LOG_LEVEL: 'debug' })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    for (const sent of [traceparent, 'nonsense']) {
      await statusFor(weir, { ...TOKENS.headers('ann'), traceparent: sent })
    }
    await until(async () => lines(weir, 'answered').length === 2)
    const [traced, untraced] = lines(weir, 'answered')
    expect(traced).toMatchObject({ operation: 'listStreams', token: 'ann', status: 200, traceparent })
    expect(untraced).not.toHaveProperty('traceparent')
  })
})
