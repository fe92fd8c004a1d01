import { readFileSync } from 'node:fs'
import type { Weir } from './weir.ts'

/** The memory of a process in bytes, without the files that it maps. Linux only. */
export function rssAnonBytes({ process: { pid } }: Pick<Weir, 'process'>): number {
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
