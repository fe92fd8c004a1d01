import { readdirSync, readFileSync } from 'node:fs'

/** What one process may have open where neither Linux nor Node tells, and where there is no limit. */
const UNKNOWN_LIMIT = 1024
const NO_LIMIT = 1_000_000
/** What a Weir that serves nobody has open, where the system does not tell. */
const USUALLY_OPEN = 40
/**
 * Files kept free for the segments of the journal, for directories that are synced, for the console's pages, for
 * backups and for connections to Redis: an eighth of what is left, within bounds.
 */
const SHARE_SPARED = 1 / 8
const LEAST_SPARED = 16
const MOST_SPARED = 256

/** Open files: how many this process may have, and how many it has. */
export interface OpenFiles {
  readonly limit: number
  readonly open: number
}

/** Call it when everything but connections is open. */
export function openFiles(): OpenFiles {
  return { limit: openFileLimit(), open: openFileCount() }
}

/** How many connections may be open so that the store and the journal always get the file descriptors they need. */
export function mostConnections({ limit, open }: OpenFiles): number {
  const left = limit - open
  const spared = Math.min(MOST_SPARED, Math.max(LEAST_SPARED, Math.ceil(left * SHARE_SPARED)))
  return Math.max(1, left - spared)
}

function openFileLimit(): number {
  const soft = limitOfLinux() ?? limitOfNode()
  return soft === 'unlimited' ? NO_LIMIT : Number(soft) || UNKNOWN_LIMIT
}

/** The soft limit as text; Node's own report of it takes 30 ms. */
function limitOfLinux(): string | undefined {
  try {
    return /^Max open files +(\w+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function limitOfNode(): unknown {
  const report = process.report?.getReport() as
    | { userLimits?: { open_files?: { soft?: unknown } } }
    | undefined
  return report?.userLimits?.open_files?.soft
}

function openFileCount(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return USUALLY_OPEN
  }
}
