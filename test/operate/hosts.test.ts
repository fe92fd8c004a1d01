import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const EVIL = { host: 'evil.example:7070', origin: 'http://evil.example:7070' }
const WARNING = /set WEIR_ALLOWED_HOSTS/

async function request(weir: Weir, method: string, path: string, headers: Record<string, string> = {}) {
  const connection = new Connection(`http://127.0.0.1:${weir.port}`)
  onTestFinished(() => void connection.socket.destroy())
  connection.request(method, path, undefined, headers)
  const answer = await connection.answer()
  connection.socket.destroy()
  return answer
}

const warnings = (weir: Weir) => weir.log.filter(({ msg }) => WARNING.test(String(msg))).length

describe('a page of another site whose name resolves to the address of Weir', () => {
  it('can delete nothing, and read only probes and metrics', async () => {
    const weir = await weirForTest()
    await request(weir, 'PUT', STREAM)
    for (const [method, path] of [
      ['DELETE', STREAM],
      ['GET', '/v1/streams'],
      ['GET', '/console/'],
      ['GET', '/openapi.json']
    ] as const) {
      const answer = await request(weir, method, path, EVIL)
      expect(answer).toMatchObject({ status: 403, body: { code: 'host-not-allowed' } })
    }
    for (const probe of ['/livez', '/readyz', '/metrics']) {
      expect((await request(weir, 'GET', probe, EVIL))?.status).toBe(200)
    }
    expect((await request(weir, 'GET', STREAM))?.status).toBe(200)
    expect(warnings(weir)).toBe(0)
  })

  it('can access a Weir that serves everyone, unless WEIR_ALLOWED_HOSTS is set', async () => {
    const open = await weirForTest({ WEIR_INSECURE: '1' })
    expect((await request(open, 'PUT', STREAM, EVIL))?.status).toBe(200)
    expect(warnings(open)).toBe(1)

    const named = await weirForTest({ WEIR_INSECURE: '1', WEIR_ALLOWED_HOSTS: 'weir.example' })
    expect((await request(named, 'PUT', STREAM, EVIL))?.status).toBe(403)
    expect((await request(named, 'PUT', STREAM))?.status).toBe(403)
    expect((await request(named, 'PUT', STREAM, { host: 'weir.example' }))?.status).toBe(200)
    expect(warnings(named)).toBe(0)
  })

  it('needs a token if Weir has tokens, and a client with a token may use any host name', async () => {
    const { file, headers } = tokensFor({ ann: ['admin'] })
    const tokens = join(await temporaryDirectory(), 'tokens.json')
    await writeFile(tokens, file)
    const weir = await weirForTest({ WEIR_TOKENS_FILE: tokens })
    expect((await request(weir, 'PUT', STREAM, EVIL))?.status).toBe(401)
    expect((await request(weir, 'PUT', STREAM, { ...EVIL, ...headers('ann') }))?.status).toBe(200)
    expect(warnings(weir)).toBe(0)
  })
})

describe('a page of an origin in WEIR_CORS_ORIGINS', () => {
  it('can send requests and read the answers', async () => {
    const weir = await weirForTest({ WEIR_CORS_ORIGINS: 'https://app.example' })
    const answer = await request(weir, 'PUT', STREAM, { origin: 'https://app.example' })
    expect([answer?.status, answer?.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://app.example'
    ])
  })
})

describe('an idle connection', () => {
  it('stays open for WEIR_KEEP_ALIVE_MS, which is also in the header of answers', async () => {
    const long = await weirForTest({ WEIR_KEEP_ALIVE_MS: '620000' })
    expect((await request(long, 'GET', '/livez'))?.headers['keep-alive']).toBe('timeout=620')
    const short = await weirForTest({ WEIR_KEEP_ALIVE_MS: '1000' })
    const connection = new Connection(short.url)
    connection.request('GET', '/livez')
    await connection.answer()
    await connection.closed()
  })
})
