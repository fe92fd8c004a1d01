import { readFile } from 'node:fs/promises'

/** What a process has in memory, in bytes, as the kernel counts it. */
export interface ProcessMemory {
  /** All of it. */
  readonly resident: number
  /** Its own: what only it can give back. */
  readonly anonymous: number
  /** Pages of files, which the kernel takes back when it needs room. */
  readonly file: number
}

/** Reads /proc, and so it needs Linux. */
export async function processMemory(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon'), file: bytes('RssFile') }
}
