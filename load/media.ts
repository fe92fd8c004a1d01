import { accessSync, constants, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Where contenders keep their data. */
export interface Place {
  readonly name: 'on disk' | 'in memory'
  /** Their directories are made in this one. */
  readonly directory: string
}

const MEMORY = '/dev/shm'
/** What the kernel calls a file system in memory. */
const TMPFS = 0x01021994

/** The places of this machine, and what there is to say of one that is missing. */
export function places(): { places: Place[]; missing: string[] } {
  const disk: Place = { name: 'on disk', directory: tmpdir() }
  const missing = isInMemory(disk.directory)
    ? [`${disk.directory} is in memory, so no figure here is one of a disk: set TMPDIR to a directory on one`]
    : []
  if (!isInMemory(MEMORY))
    return {
      places: [disk],
      missing: [...missing, `${MEMORY} is missing, so nothing was measured in memory`]
    }
  return { places: [disk, { name: 'in memory', directory: MEMORY }], missing }
}

function isInMemory(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return statfsSync(directory).type === TMPFS
  } catch {
    return false
  }
}
