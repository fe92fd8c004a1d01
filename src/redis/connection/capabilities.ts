import { EngineError } from '../../contract/errors.ts'
import type { Client } from './client.ts'
import { IS_REPLICA, impairmentOf } from './redis-errors.ts'

/** What a server can do. Detected on each new connection. */
export interface Capabilities {
  /** "Redis 7.0.15", "Valkey 9.1.2". */
  readonly server: string
  /** Whether a group's counters are wrong once entries that it had not read were trimmed or deleted. */
  readonly miscounts: boolean
  /** Why it refuses changes now, as a sentence. Undefined if it accepts them. */
  readonly impairment: string | undefined
}

const MIN_MAJOR = 7
/**
 * Since these major versions, a group's counters account for entries that were trimmed or deleted before it read them.
 */
const COUNTS_RIGHT_SINCE = { redis: 8, valkey: 9 }

/** Weir cannot work with this server. Retrying does not help. */
export class UnsuitableServer extends EngineError {
  constructor(message: string) {
    super('engine-unavailable', message)
  }
}

/** Rejects with UnsuitableServer, and with Redis' error reply while the server cannot serve, such as LOADING. */
export async function capabilitiesOf(client: Client): Promise<Capabilities> {
  let impairment: string | undefined
  try {
    // A server that is not ready to serve replies with an error, such as LOADING or NOAUTH.
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
  const miscounts = major < (valkey === undefined ? COUNTS_RIGHT_SINCE.redis : COUNTS_RIGHT_SINCE.valkey)
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
