import { hostname } from 'node:os'
import { env, pid } from 'node:process'

export const settings = {
  url: env.WEIR_URL ?? 'http://127.0.0.1:7070',
  token: env.WEIR_TOKEN,
  stream: env.STREAM ?? 'orders',
  group: env.GROUP ?? 'billing',
  // Two consumers of the same name would read each other's pending entries when they start.
  consumer: env.CONSUMER ?? `${hostname()}-${pid}`,
  waitMs: Number(env.WAIT_MS ?? 30_000),
  ackTimeoutMs: Number(env.ACK_TIMEOUT_MS ?? 30_000)
}

/** Standard output is for results, so the log goes to standard error. */
export function log(line: string): void {
  console.error(line)
}
