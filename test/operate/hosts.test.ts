import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const EVIL = { host: 'evil.example:7070', origin: 'http://evil.example:7070' }
const WARNING = /set WEIR_ALLOWED_HOSTS/

async function asked(weir: Weir, method: string, path: string, headers: Record<string, string> = {}) {
  const connection = new Connection(`http://127.0.0.1:${weir.port}`)
  onTestFinished(() => void connection.socket.destroy())
  connection.request(method, path, undefined, headers)
  const answer = await connection.answer()
  connection.socket.destroy()
  return answer
}

const warnings = (weir: Weir) => weir.log.filter(({ msg }) => WARNING.test(String(msg))).length

describe('a page of another site that made its name lead to Weir', () => {
  it('deletes nothing, and reads nothing but probes', async () => {
    const weir = await weirForTest()
    await asked(weir, 'PUT', STREAM)
    for (const [method, path] of [
      ['DELETE', STREAM],
      ['GET', '/v1/streams'],
      ['GET', '/console/'],
      ['GET', '/openapi.json']
    ] as const) {
      const answer = await asked(weir, method, path, EVIL)
      expect(answer).toMatchObject({ status: 403, body: { code: 'host-not-allowed' } })
    }
    for (const probe of ['/livez', '/readyz', '/metrics']) {
      expect((await asked(weir, 'GET', probe, EVIL))?.status).toBe(200)
    }
    expect((await asked(weir, 'GET', STREAM))?.status).toBe(200)
    expect(warnings(weir)).toBe(0)
  })

  it('gets as far as names that are configured allow when Weir serves everyone', async () => {
    const open = await weirForTest({ WEIR_INSECURE: '1' })
    expect((await asked(open, 'PUT', STREAM, EVIL))?.status).toBe(200)
    expect(warnings(open)).toBe(1)

    const named = await weirForTest({ WEIR_INSECURE: '1', WEIR_ALLOWED_HOSTS: 'weir.example' })
    expect((await asked(named, 'PUT', STREAM, EVIL))?.status).toBe(403)
    expect((await asked(named, 'PUT', STREAM))?.status).toBe(403)
    expect((await asked(named, 'PUT', STREAM, { host: 'weir.example' }))?.status).toBe(200)
    expect(warnings(named)).toBe(0)
  })

  it('has no token, so any name may be used with one', async () => {
    const { file, headers } = tokensFor({ ann: ['admin'] })
    const tokens = join(await temporaryDirectory(), 'tokens.json')
    await writeFile(tokens, file)
    const weir = await weirForTest({ WEIR_TOKENS_FILE: tokens })
    expect((await asked(weir, 'PUT', STREAM, EVIL))?.status).toBe(401)
    expect((await asked(weir, 'PUT', STREAM, { ...EVIL, ...headers('ann') }))?.status).toBe(200)
    expect(warnings(weir)).toBe(0)
  })
})

describe('a page of an origin in WEIR_CORS_ORIGINS', () => {
  it('may send requests and read the answers', async () => {
    const weir = await weirForTest({ WEIR_CORS_ORIGINS: 'https://app.example' })
    const answer = await asked(weir, 'PUT', STREAM, { origin: 'https://app.example' })
    expect([answer?.status, answer?.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://app.example'
    ])
  })
})

describe('an idle connection', () => {
  it('is kept for WEIR_KEEP_ALIVE_MS, and its client is told so', async () => {
    const long = await weirForTest({ WEIR_KEEP_ALIVE_MS: '620000' })
    expect((await asked(long, 'GET', '/livez'))?.headers['keep-alive']).toBe('timeout=620')
    const short = await weirForTest({ WEIR_KEEP_ALIVE_MS: '1000' })
    const connection = new Connection(short.url)
    connection.request('GET', '/livez')
    await connection.answer()
    await connection.closed()
  })
})
