import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'

/**
 * The name that the operating system has given to its current boot; null where it has none. What was written in the
 * same boot is in the page cache, whatever became of the process. A name of our own, or a time of boot, would not do:
 * the one is new with each process, and the other changes with the clock.
 */
export async function readBoot(): Promise<string | null> {
  try {
    if (process.platform === 'linux')
      return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    if (process.platform === 'darwin') return (await sysctl('kern.bootsessionuuid')).trim()
  } catch {
    // A sandbox may hide it.
  }
  return null
}

async function sysctl(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['-n', name])
  return stdout
}

/** A boot as commit markers name it. By chance, one in four billion boots is taken for the one before. */
export function bootNumber(boot: string | null): number {
  return boot === null || boot === '' ? 0 : Math.max(1, crc32(boot))
}
