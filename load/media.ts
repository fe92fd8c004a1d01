import { accessSync, constants, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** What holds the contenders' data: a disk or memory. */
export interface Medium {
  readonly name: 'on disk' | 'in memory'
  /** The parent of the contenders' directories. */
  readonly directory: string
}

const MEMORY = '/dev/shm'
/** The number by which the kernel identifies a file system in memory. */
const TMPFS = 0x01021994

/** Returns the media of this machine, and a sentence without a full stop for each one that is missing. */
export function availableMedia(): { media: Medium[]; missing: string[] } {
  const disk: Medium = { name: 'on disk', directory: tmpdir() }
  const missing = isInMemory(disk.directory)
    ? [`${disk.directory} is in memory, so no figure is that of a disk: set TMPDIR to a directory on a disk`]
    : []
  if (!isInMemory(MEMORY))
    return {
      media: [disk],
      missing: [...missing, `${MEMORY} is missing, so nothing was measured in memory`]
    }
  return { media: [disk, { name: 'in memory', directory: MEMORY }], missing }
}

function isInMemory(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return statfsSync(directory).type === TMPFS
  } catch {
    return false
  }
}
