import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newDirectory, type Program, startProgram } from '../../load/program.ts'
import { newToken } from '../../src/http/access/new-token.ts'
import { PREFIX } from './attacks/streams.ts'

const MIB = 1024 ** 2

/**
 * The limits of the Weir under siege. They are small, so that a few clients reach them. Only the memory for streams
 * has its default, because the documents state for that how much more Weir may take: a fifth of it and 96 MiB.
 */
export const LIMITS = {
  memoryBytes: 256 * MIB,
  bufferedBytes: 32 * MIB,
  bodyBytes: 4 * MIB
}

const ENVIRONMENT = {
  WEIR_MEMORY_BYTES: `${LIMITS.memoryBytes}`,
  WEIR_MAX_BUFFERED_BYTES: `${LIMITS.bufferedBytes}`,
  WEIR_BODY_LIMIT_BYTES: `${LIMITS.bodyBytes}`,
  WEIR_MAX_IN_FLIGHT: '2000',
  WEIR_MAX_WAITING: '2000',
  WEIR_MAX_WAITING_PER_TOKEN: '1000',
  WEIR_MAX_WAITING_PLACES: '20000',
  WEIR_MAX_PENDING: '500000',
  WEIR_MAX_CONNECTIONS: '3000',
  WEIR_MAX_STREAMS: '2000',
  WEIR_MAX_GROUPS: '2000',
  WEIR_MAX_CONSUMERS: '20000'
}

export interface Besieged extends Program {
  /** A token for the attackers, one for the well-behaved clients, and one for the metrics. */
  readonly tokens: { readonly attacker: string; readonly worker: string; readonly watcher: string }
}

/** Starts the built Weir with an empty data directory, small limits and three tokens. */
export async function startBesieged(): Promise<Besieged> {
  const directory = await newDirectory()
  const attacker = newToken(
    'mallory',
    ['append', 'consume', 'manage'].map((scope) => `${scope}:${PREFIX}*`)
  )
  const worker = newToken('shop', ['append:orders', 'consume:orders', 'manage:orders'])
  const watcher = newToken('prometheus', ['metrics'])
  const tokensFile = join(directory, 'tokens.json')
  const lines = [attacker, worker, watcher].map(({ line }) => line)
  await writeFile(tokensFile, `{"tokens":[${lines.join()}]}`, { mode: 0o600 })
  const program = await startProgram({
    command: fileURLToPath(new URL('../../bin/weir', import.meta.url)),
    args: [],
    env: {
      WEIR_PORT: '0',
      WEIR_DATA_DIR: join(directory, 'data'),
      WEIR_TOKENS_FILE: tokensFile,
      ...ENVIRONMENT
    },
    directory,
    portOf: (log) => Number(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log)?.[1]) || undefined
  })
  const tokens = { attacker: attacker.token, worker: worker.token, watcher: watcher.token }
  return { ...program, tokens }
}
