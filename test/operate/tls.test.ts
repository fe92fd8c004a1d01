import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, unlink, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../support/http.ts'
import { run, temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

interface Keys {
  readonly WEIR_TLS_CERT_FILE: string
  readonly WEIR_TLS_KEY_FILE: string
}

/** A key and a self-signed certificate. */
async function newKeys(name: string): Promise<Keys> {
  const directory = await temporaryDirectory()
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '7']
  const files = ['-keyout', keyFile, '-out', certFile]
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'pipe' })
  return { WEIR_TLS_CERT_FILE: certFile, WEIR_TLS_KEY_FILE: keyFile }
}

async function send(weir: Weir, keys: Keys, method: string, path: string, body?: object) {
  const ca = await readFile(keys.WEIR_TLS_CERT_FILE)
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = request(weir.url + path, { method, ca, headers, agent: false }).end(text)
  const [answer] = await once(sent, 'response')
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it expects of a body.
  return { status: answer.statusCode, body: (await json(answer)) as any }
}

/** The common name in the certificate that a new connection gets. */
async function commonName(weir: Weir): Promise<unknown> {
  const socket = connect({ port: weir.port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return CN
}

function append(weir: Weir, keys: Keys) {
  return send(weir, keys, 'POST', '/v1/streams/orders/entries', { entries: [{ fields: { order: '1001' } }] })
}

describe('Weir with a certificate and its key', () => {
  it('serves only HTTPS', async () => {
    const keys = await newKeys('weir')
    const weir = await weirForTest({ ...keys })
    expect(weir.url).toMatch(/^https:/)
    expect((await append(weir, keys)).status).toBe(201)
    expect(weir.listening['certificateExpires']).toMatch(/^\d{4}-/)
    const plain = connectPlain(weir.port, '127.0.0.1')
    plain.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(plain, 'close')
    expect((await append(weir, keys)).status).toBe(201)
    expect(await weir.stop('SIGTERM')).toBe(0)
  })

  it('does not wait for silent connections when it closes', async () => {
    const weir = await weirForTest({ ...(await newKeys('weir')) })
    const sockets = [
      connectPlain(weir.port, '127.0.0.1'),
      connect({ port: weir.port, host: '127.0.0.1', rejectUnauthorized: false })
    ]
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    await commonName(weir)
    const closed = sockets.map((socket) => once(socket.resume(), 'close'))
    expect(await weir.stop('SIGTERM')).toBe(0)
    await Promise.all(closed)
  })

  it('delivers the entry of a reader that hangs up to another one', async () => {
    const keys = await newKeys('weir')
    const weir = await weirForTest({ ...keys })
    const group = '/v1/streams/orders/groups/billing'
    await send(weir, keys, 'PUT', group, { createStream: true })
    const socket = reader(weir, await readFile(keys.WEIR_TLS_CERT_FILE))
    await until(async () => (await send(weir, keys, 'GET', `${group}/consumers`)).body.consumers.length === 1)
    socket.destroy()
    await append(weir, keys)
    const bob = await send(weir, keys, 'POST', `${group}/read`, { consumer: 'bob', waitMs: 60_000 })
    expect(bob.body.entries).toMatchObject([{ deliveries: 1 }])
  })

  it('uses replaced files for new connections, and keeps the existing connections', async () => {
    const [keys, others] = [await newKeys('before'), await newKeys('after')]
    const weir = await weirForTest({ ...keys })
    const ca = await readFile(keys.WEIR_TLS_CERT_FILE)
    await send(weir, keys, 'PUT', '/v1/streams/orders/groups/billing', { createStream: true })
    expect(await commonName(weir)).toBe('before')
    const waiting = reader(weir, ca)
    for (const name of ['WEIR_TLS_KEY_FILE', 'WEIR_TLS_CERT_FILE'] as const)
      await cp(others[name], keys[name])
    await until(async () => (await commonName(weir)) === 'after')
    await append(weir, others)
    const [answer] = await once(waiting, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/)
  })

  it('keeps the loaded files if the new ones do not match, and logs that', async () => {
    const [keys, others] = [await newKeys('before'), await newKeys('after')]
    const weir = await weirForTest({ ...keys })
    await cp(others.WEIR_TLS_KEY_FILE, keys.WEIR_TLS_KEY_FILE)
    weir.process.kill('SIGHUP')
    const kept = 'TLS keys not reloaded: the previous version stays in use'
    await until(async () => weir.log.some(({ msg }) => msg === kept))
    expect(await commonName(weir)).toBe('before')
  })

  it('does not start if the files do not match, and names both', async () => {
    const [keys, others] = [await newKeys('weir'), await newKeys('other')]
    const mixed = { ...keys, WEIR_TLS_KEY_FILE: others.WEIR_TLS_KEY_FILE }
    const stderr = await refusalOf(mixed)
    expect(stderr).toMatch(/^weir: .*not a certificate and its key.*\n$/)
    for (const [name, file] of Object.entries(mixed)) expect(stderr).toContain(`${name} ("${file}")`)
  })

  it.each(['WEIR_TLS_CERT_FILE', 'WEIR_TLS_KEY_FILE'] as const)(
    'does not start with an invalid %s, and names it',
    async (name) => {
      const keys = await newKeys('weir')
      const file = keys[name]
      const begin = `weir: ${name} is "${file}", which cannot be used: `
      for (const content of ['nonsense', '', Buffer.from([0xff, 0xfe, 0x2d, 0x00])]) {
        await writeFile(file, content)
        expect(await refusalOf(keys)).toMatch(begin)
      }
      await unlink(file)
      expect(await refusalOf(keys)).toMatch(`${begin}ENOENT`)
    }
  )

  it('accepts files that begin with a byte order mark', async () => {
    const keys = await newKeys('weir')
    const ca = await readFile(keys.WEIR_TLS_CERT_FILE)
    for (const file of Object.values(keys)) await writeFile(file, `\ufeff${await readFile(file, 'utf8')}`)
    const weir = await weirForTest({ ...keys })
    const socket = connect({ port: weir.port, host: '127.0.0.1', ca })
    onTestFinished(() => void socket.destroy())
    socket.write('GET /livez HTTP/1.1\r\nhost: weir\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 200/)
  })

  it('answers a client that half-closes its connection after the request', async () => {
    const keys = await newKeys('weir')
    const weir = await weirForTest({ ...keys })
    const ca = await readFile(keys.WEIR_TLS_CERT_FILE)
    const socket = connect({
      port: weir.port,
      host: '127.0.0.1',
      ca,
      allowHalfOpen: true
    } as ConnectionOptions)
    onTestFinished(() => void socket.destroy())
    const body = '{"entries":[{"fields":{"order":"1001"}}]}'
    socket.end(
      `POST /v1/streams/orders/entries HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    )
    expect(await text(socket)).toMatch(/^HTTP\/1.1 201/)
  })
})

/** The error message of a Weir that does not start. */
async function refusalOf(keys: Keys): Promise<string> {
  const { code, stderr } = await run([], {
    ...keys,
    WEIR_PORT: '0',
    WEIR_DATA_DIR: await temporaryDirectory()
  })
  expect(code).toBe(1)
  return stderr
}

/** Opens a connection on which ann waits for an entry. */
function reader(weir: Weir, ca: Buffer): TLSSocket {
  const socket = connect({ port: weir.port, host: '127.0.0.1', ca })
  onTestFinished(() => {
    socket.destroy()
  })
  const body = JSON.stringify({ consumer: 'ann', waitMs: 60_000 })
  socket.write(
    'POST /v1/streams/orders/groups/billing/read HTTP/1.1\r\nhost: localhost\r\n' +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  return socket
}
