import { readdirSync, readFileSync } from 'node:fs'

/** Assumed if neither Linux nor Node reports the limit. */
const UNKNOWN_LIMIT = 1024
/** Stands for no limit. */
const NO_LIMIT = 1_000_000
/** Open files of an idle Weir, if the system does not report them. */
const USUALLY_OPEN = 40
/**
 * File descriptors reserved for journal segments, directory syncs, the console's pages, backups and
 * connections to Redis: an eighth of those that are left, within bounds.
 */
const RESERVED_SHARE = 1 / 8
const MIN_RESERVED = 16
const MAX_RESERVED = 256

/** How many files this process may have open, and how many it has open. */
export interface OpenFiles {
  readonly limit: number
  readonly open: number
}

/** Counts the open files. Call it when everything except connections is open. */
export function openFiles(): OpenFiles {
  return { limit: openFileLimit(), open: openFileCount() }
}

/** Maximum number of connections that leaves enough file descriptors for the store and the journal. */
export function mostConnections({ limit, open }: OpenFiles): number {
  const left = limit - open
  const reserved = Math.min(MAX_RESERVED, Math.max(MIN_RESERVED, Math.ceil(left * RESERVED_SHARE)))
  return Math.max(1, left - reserved)
}

function openFileLimit(): number {
  const soft = limitFromLinux() ?? limitFromNode()
  return soft === 'unlimited' ? NO_LIMIT : Number(soft) || UNKNOWN_LIMIT
}

/** The soft limit as text. Node's own report takes 30 ms. */
function limitFromLinux(): string | undefined {
  try {
    return /^Max open files +(\w+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function limitFromNode(): unknown {
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
