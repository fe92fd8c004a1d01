import { readFile } from 'node:fs/promises'

/** The memory of a process in bytes, as the kernel reports it. */
export interface ProcessMemory {
  /** All of its memory. */
  readonly resident: number
  /** Its private memory, which only the process itself can free. */
  readonly anonymous: number
  /** Cached pages of files, which the kernel frees when it needs memory. */
  readonly file: number
}

/** Reads the memory of a process from /proc. Works only on Linux. */
export async function processMemory(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon'), file: bytes('RssFile') }
}
