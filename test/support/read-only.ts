import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/**
 * Makes all file systems read-only except the directory in its first argument, and then executes the other arguments.
 */
const SCRIPT = `
mount --make-rprivate /
mount --bind "$0" "$0" || exit
while read -r _ at _; do
  [ "$at" = "$0" ] || mount -o remount,ro,bind "$at" 2>/dev/null
done </proc/self/mounts
exec "$@"
`
const UNSHARE = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]

/** The command that starts a program which can write only to this directory, as in a read-only container. */
export function readOnlyBut(directory: string): string[] {
  return [...UNSHARE, 'sh', '-c', SCRIPT, directory]
}

// In CI, a suite fails instead of being skipped.
const canRun = spawnSync(UNSHARE[0] ?? '', [...UNSHARE.slice(1), 'true']).status === 0 || process.env['CI']
if (!canRun)
  console.warn('Skipped: this user cannot make file systems read-only, so Weir was not tested on one.')

/** Like `describe`. Skipped if this user cannot make file systems read-only. */
export const describeReadOnly = describe.skipIf(!canRun)
