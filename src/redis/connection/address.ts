import { EngineError } from '../../contract/errors.ts'
import { connect } from './client.ts'

/** Where Redis is, as `WEIR_REDIS_URL` says it. */
export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }
  | {
      readonly kind: 'sentinel'
      readonly sentinels: readonly string[]
      readonly master: string
      /** Of the master, with user, password and database, but for host and port. */
      readonly url: string
    }

/** Why an address cannot be used, in words that follow the name of what it was set with. Never shows a password. */
export class AddressError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AddressError'
  }
}

/**
 * Reads `redis://[[user]:password@]host[:port][/database]`, or several of them with commas in between for a cluster, or
 * `redis-sentinel://[[user]:password@]host:port,host:port/master[/database]`; with `rediss` for TLS. One address of a
 * cluster is enough with `?cluster` behind it. Throws an AddressError for anything else: each part is honoured or refused.
 */
export function parseAddress(text: string): RedisAddress {
  const sentinel = /^(rediss?)-sentinel:\/\/(.*)$/s.exec(text)
  if (sentinel !== null) return sentinelAddress(sentinel[1] ?? '', sentinel[2] ?? '')
  const addresses = listed(text).map(parseServer)
  const [first, ...others] = addresses
  if (first === undefined) throw new AddressError('is empty')
  if (addresses.length === 1 && !first.isCluster) return { kind: 'server', url: first.url }
  for (const { database, login } of addresses) {
    if (database !== 0) throw new AddressError('names a database, which is not supported with a cluster')
    // All masters are reached as the first node is, whatever node has told their addresses.
    if (login !== first.login)
      throw new AddressError('has different schemes, users or passwords for the nodes of a cluster')
  }
  return { kind: 'cluster', urls: [first, ...others].map(({ url }) => url) }
}

function sentinelAddress(scheme: string, rest: string): RedisAddress {
  const parts = /^(?:(.*)@)?([^/?#]*)(?:\/([^/?#]*))?(.*)$/s.exec(rest) ?? []
  const [, user, hosts = '', encodedMaster = '', end = ''] = parts
  if (encodedMaster === '') throw new AddressError('lacks the master name: add it as a path, "/master"')
  const sentinels = listed(hosts).map((host) => parseServer(`${scheme}://${host}`).url)
  const { url, isCluster } = parseServer(`${scheme}://${user === undefined ? '' : `${user}@`}master${end}`)
  if (isCluster) throw new AddressError('has the parameter "cluster", which is not supported with Sentinel')
  return { kind: 'sentinel', sentinels, master: decoded(encodedMaster, 'master name'), url }
}

/** Spaces may follow commas. */
function listed(text: string): string[] {
  return text.split(/ *, */)
}

/** One server's address. */
interface Address {
  readonly url: string
  readonly database: number
  readonly isCluster: boolean
  /** All that the addresses of a cluster have in common. */
  readonly login: string
}

function parseServer(text: string): Address {
  // A URL would drop some of these without a word.
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
  decoded(username, 'user')
  decoded(password, 'password')
  if (hash !== '') throw new AddressError(`has a "#", which has no meaning here: ${ENCODE}`)
  const isCluster = readParameters(search)
  const database = parseDatabase(pathname)
  const login = `${protocol}//${username}:${password}`
  return { url: text.replace(/\?.*$/s, ''), database, isCluster, login }
}

const ENCODE = 'percent-encode special characters in a user or password'
const HOST = /^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i

/** Whether a cluster is asked for. Throws for every other parameter. */
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

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) throw new AddressError(`has a ${what} with an invalid "%" escape`)
    throw error
  }
}

/** Where the server is now: asked before each attempt to connect. */
export async function locate(place: Exclude<RedisAddress, { kind: 'cluster' }>): Promise<string> {
  if (place.kind === 'server') return place.url
  for (const sentinel of place.sentinels) {
    const found = await askSentinel(sentinel, place.master)
    if (found !== null) return withHost(place.url, ...found)
  }
  throw new EngineError('engine-unavailable', `No Sentinel knows the address of the master "${place.master}"`)
}

async function askSentinel(url: string, master: string): Promise<[host: string, port: string] | null> {
  try {
    const client = await connect(url, () => {})
    try {
      const reply = await client.sendCommand(['SENTINEL', 'get-master-addr-by-name', master])
      return Array.isArray(reply) ? [String(reply[0]), String(reply[1])] : null
    } finally {
      client.destroy()
    }
  } catch {
    // The next one may know. When none does, that is told.
    return null
  }
}

/** The same login and database at another address. */
export function withHost(url: string, host: string, port: string): string {
  const moved = new URL(url)
  moved.hostname = host.includes(':') ? `[${host}]` : host
  moved.port = port
  return moved.href
}

/** An address without its password, for people. */
export function shownUrl(url: string): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href.replace(/\/$/, '')
}
