import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'

/**
 * Returns the operating system's name for the current boot; null if it has none. Everything written since the
 * boot is in the page cache, even if the process that wrote it has ended. Neither a name of our own nor the
 * time of the boot would do: our name would be new in each process, and the time changes with the clock.
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

/**
 * Returns the number that stands for a boot in commit markers. One in four billion boots is mistaken for the
 * previous one.
 */
export function bootNumber(boot: string | null): number {
  return boot === null || boot === '' ? 0 : Math.max(1, crc32(boot))
}
