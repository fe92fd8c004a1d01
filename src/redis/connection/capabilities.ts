import { EngineError } from '../../contract/errors.ts'
import type { Client } from './client.ts'
import { IS_REPLICA, impairmentOf } from './redis-errors.ts'

/** What a server can do, found out when it is connected to. */
export interface Capabilities {
  /** "Redis 7.0.15", "Valkey 9.1.2". */
  readonly server: string
  /** The counters of its groups are wrong after entries were trimmed or deleted that a group had not read. */
  readonly miscounts: boolean
  /** Why it takes no changes now, in a sentence; undefined when it does. */
  readonly impairment: string | undefined
}

const MIN_MAJOR = 7
/** From these major versions on a group's counters take account of what was trimmed or deleted unread. */
const COUNTS_RIGHT = { redis: 8, valkey: 9 }

/** The server is one that Weir cannot work with, and that will not change by trying again. */
export class UnsuitableServer extends EngineError {
  constructor(message: string) {
    super('engine-unavailable', message)
  }
}

/** Rejects while the server loads its data and the like, and with UnsuitableServer. */
export async function capabilitiesOf(client: Client): Promise<Capabilities> {
  let impairment: string | undefined
  try {
    // Answered with LOADING, NOAUTH and the like when it is not ready to serve.
    await client.sendCommand(['PING'])
  } catch (error) {
    impairment = impairmentOf(error)
    if (impairment === undefined) throw error
  }
  const info = parseInfo(String(await client.sendCommand(['INFO'])))
  const redis = info.get('redis_version') ?? ''
  const valkey = info.get('valkey_version')
  const server = valkey === undefined ? `Redis ${redis}` : `Valkey ${valkey}`
  if (Number.parseInt(redis, 10) < MIN_MAJOR) {
    throw new UnsuitableServer(`Weir requires Redis 7.0, Valkey 7.2 or later, but this server is ${server}`)
  }
  if (info.get('role') === 'slave') impairment = IS_REPLICA
  const major = Number.parseInt(valkey ?? redis, 10)
  const miscounts = major < (valkey === undefined ? COUNTS_RIGHT.redis : COUNTS_RIGHT.valkey)
  return { server, miscounts, impairment }
}

function parseInfo(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return values
}
