import { EngineError } from '../../contract/errors.ts'
import { connect } from './client.ts'

/** Where Redis is, parsed from `WEIR_REDIS_URL`. */
export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }
  | {
      readonly kind: 'sentinel'
      readonly sentinels: readonly string[]
      readonly master: string
      /**
       * The master's user, password and database. Its host and port are placeholders: Sentinel reports the real ones.
       */
      readonly url: string
    }

/**
 * Why an address cannot be used. The message continues a sentence that starts with a name. It never shows a password.
 */
export class AddressError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AddressError'
  }
}

/**
 * Parses `redis://[[user]:password@]host[:port][/database]`, several of them separated by commas for a cluster, or
 * `redis-sentinel://[[user]:password@]host:port,host:port/master[/database]`. `rediss` instead of `redis` means TLS.
 * With `?cluster` at its end, one address of a cluster is enough. Throws an AddressError for anything else: no part is
 * ignored.
 */
export function parseAddress(text: string): RedisAddress {
  const sentinel = /^(rediss?)-sentinel:\/\/(.*)$/s.exec(text)
  if (sentinel !== null) return sentinelAddress(sentinel[1] ?? '', sentinel[2] ?? '')
  const addresses = splitList(text).map(parseServer)
  const [first, ...others] = addresses
  if (first === undefined) throw new AddressError('is empty')
  if (addresses.length === 1 && !first.isCluster) return { kind: 'server', url: first.url }
  for (const { database, login } of addresses) {
    if (database !== 0) throw new AddressError('names a database, which is not supported with a cluster')
    // Weir connects to all masters with the login of the first node, whichever node reported their addresses.
    if (login !== first.login)
      throw new AddressError('has different schemes, users or passwords for the nodes of a cluster')
  }
  return { kind: 'cluster', urls: [first, ...others].map(({ url }) => url) }
}

function sentinelAddress(scheme: string, rest: string): RedisAddress {
  const parts = /^(?:(.*)@)?([^/?#]*)(?:\/([^/?#]*))?(.*)$/s.exec(rest) ?? []
  const [, user, hosts = '', encodedMaster = '', end = ''] = parts
  if (encodedMaster === '') throw new AddressError('lacks the master name: add it as a path, "/master"')
  const sentinels = splitList(hosts).map((host) => parseServer(`${scheme}://${host}`).url)
  const { url, isCluster } = parseServer(`${scheme}://${user === undefined ? '' : `${user}@`}master${end}`)
  if (isCluster) throw new AddressError('has the parameter "cluster", which is not supported with Sentinel')
  return { kind: 'sentinel', sentinels, master: decode(encodedMaster, 'master name'), url }
}

/** Splits at commas, which may have spaces around them. */
function splitList(text: string): string[] {
  return text.split(/ *, */)
}

interface ServerAddress {
  readonly url: string
  readonly database: number
  readonly isCluster: boolean
  /** Scheme, user and password, which must be the same in all addresses of a cluster. */
  readonly login: string
}

function parseServer(text: string): ServerAddress {
  // `URL` would silently drop some of these.
  if (/[\s\p{C}\p{Default_Ignorable_Code_Point}]/u.test(text)) {
    throw new AddressError('has a space or an invisible character')
  }
  if (!/^rediss?:\/\//.test(text)) throw new AddressError('has an address without "redis://" or "rediss://"')
  if (!URL.canParse(text)) throw new AddressError(`has an address that is not a URL: ${ENCODE}`)
  const url = new URL(text)
  const { protocol, username, password, hostname, port, pathname, search, hash } = url
  if (!HOST.test(hostname)) throw new AddressError('has an address without a valid host')
  if (port === '0') throw new AddressError('has the port 0')
  if (username !== '' && password === '') {
    throw new AddressError(
      'has a user without a password: write a password alone as "redis://:password@host"'
    )
  }
  decode(username, 'user')
  decode(password, 'password')
  if (hash !== '') throw new AddressError(`has a "#", which has no meaning here: ${ENCODE}`)
  const isCluster = readParameters(search)
  const database = parseDatabase(pathname)
  const login = `${protocol}//${username}:${password}`
  return { url: text.replace(/\?.*$/s, ''), database, isCluster, login }
}

const ENCODE = 'percent-encode special characters in a user or password'
const HOST = /^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i

/** Returns whether `?cluster` is set. Throws for every other parameter. */
function readParameters(search: string): boolean {
  let isCluster = false
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === 'cluster' && value === '') isCluster = true
    else throw new AddressError(`has the parameter ${JSON.stringify(name)}${parameterHint(name)}`)
  }
  return isCluster
}

function parameterHint(name: string): string {
  if (name === 'cluster') return ' with a value: write "?cluster" without one'
  if (/^(?:db|database)$/i.test(name)) return ': write the database as a path, "redis://host:6379/2"'
  return ', which is unknown: only "?cluster" is supported'
}

function parseDatabase(pathname: string): number {
  if (pathname === '' || pathname === '/') return 0
  const [, digits] = /^\/(0|[1-9]\d{0,8})$/.exec(pathname) ?? []
  if (digits === undefined) throw new AddressError('has a path that is not a database number')
  return Number(digits)
}

/** Decodes percent escapes. Throws an AddressError that names the part if one is invalid. */
function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) throw new AddressError(`has a ${part} with an invalid "%" escape`)
    throw error
  }
}

/**
 * Returns the URL of the server. With Sentinel it may change, so call this before each attempt to connect. Rejects with
 * engine-unavailable if no Sentinel knows the master.
 */
export async function locate(address: Exclude<RedisAddress, { kind: 'cluster' }>): Promise<string> {
  if (address.kind === 'server') return address.url
  for (const sentinel of address.sentinels) {
    const found = await masterAddress(sentinel, address.master)
    if (found !== null) return withHost(address.url, ...found)
  }
  throw new EngineError(
    'engine-unavailable',
    `No Sentinel knows the address of the master "${address.master}"`
  )
}

async function masterAddress(url: string, master: string): Promise<[host: string, port: string] | null> {
  try {
    const client = await connect(url, () => {})
    try {
      const reply = await client.sendCommand(['SENTINEL', 'get-master-addr-by-name', master])
      return Array.isArray(reply) ? [String(reply[0]), String(reply[1])] : null
    } finally {
      client.destroy()
    }
  } catch {
    // The next Sentinel may know. If none does, the caller reports it.
    return null
  }
}

/** Replaces the host and port of a URL. Keeps its scheme, login and database. */
export function withHost(url: string, host: string, port: string): string {
  const moved = new URL(url)
  moved.hostname = host.includes(':') ? `[${host}]` : host
  moved.port = port
  return moved.href
}

/** Returns a URL without its user and password, for logs and answers. */
export function shownUrl(url: string): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href.replace(/\/$/, '')
}
