import { EngineError } from '../errors.ts'
import { connect } from './client.ts'

/** Where Redis is, as `WEIR_REDIS_URL` says it. */
export type Place =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[] }
  | {
      readonly kind: 'sentinel'
      readonly sentinels: readonly string[]
      readonly master: string
      /** Of the master, with user, password and database, but for host and port. */
      readonly url: string
    }

/**
 * Reads `redis://[user:password@]host[:port][/database]`, or several of them with commas in between for a cluster, or
 * `redis-sentinel://[user:password@]host:port,host:port/master[/database]`; with `rediss` for TLS. One address of a
 * cluster is enough with `?cluster` behind it. Gives undefined for anything else.
 */
export function parsePlace(text: string): Place | undefined {
  const sentinel = /^(rediss?)-sentinel:\/\/(?:([^@/]*)@)?([^/@]+)\/([^/?]+)(?:\/(\d+))?$/.exec(text)
  if (sentinel !== null) {
    const [, scheme, user = '', hosts = '', master = '', database = ''] = sentinel
    const login = user === '' ? '' : `${user}@`
    const sentinels = hosts.split(',').map((host) => `${scheme}://${host}`)
    if (!sentinels.every(isUrl)) return undefined
    return { kind: 'sentinel', sentinels, master, url: `${scheme}://${login}master/${database}` }
  }
  const urls = text.split(',').map((url) => url.trim())
  const bare = urls.map((url) => url.replace(/\?cluster$/, ''))
  if (!bare.every(isUrl)) return undefined
  const [only = ''] = bare
  return bare.length === 1 && only === urls[0]
    ? { kind: 'server', url: only }
    : { kind: 'cluster', urls: bare }
}

function isUrl(text: string): boolean {
  return /^rediss?:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== ''
}

/** Where the server is now: asked before each attempt to connect. */
export async function locate(place: Exclude<Place, { kind: 'cluster' }>): Promise<string> {
  if (place.kind === 'server') return place.url
  for (const sentinel of place.sentinels) {
    const found = await askSentinel(sentinel, place.master)
    if (found !== null) return withHost(place.url, ...found)
  }
  throw new EngineError('engine-unavailable', `No sentinel knows where "${place.master}" is`)
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
