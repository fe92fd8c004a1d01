import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/** Makes all file systems read-only, for itself and whom it becomes, but for the directory that is its first argument. */
const SCRIPT = `
mount --make-rprivate /
mount --bind "$0" "$0" || exit
while read -r _ at _; do
  [ "$at" = "$0" ] || mount -o remount,ro,bind "$at" 2>/dev/null
done </proc/self/mounts
exec "$@"
`
const UNSHARE = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]

/** What starts a program that can write to the directory and nowhere else, as in a container that is read-only. */
export function readOnlyBut(directory: string): string[] {
  return [...UNSHARE, 'sh', '-c', SCRIPT, directory]
}

// On a machine of CI nothing is missing that a suite could be skipped for.
const canRun = spawnSync(UNSHARE[0] ?? '', [...UNSHARE.slice(1), 'true']).status === 0 || process.env['CI']
if (!canRun)
  console.warn('Skipped: no file system can be made read-only here, so nobody ran Weir on such a one.')

/** As `describe`, where that is allowed. */
export const describeReadOnly = describe.skipIf(!canRun)
