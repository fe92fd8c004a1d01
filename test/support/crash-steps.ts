import { UNFINISHED } from '../../src/embedded/journal/segment.ts'
import { UNSETTLED } from '../../src/embedded/journal/settle.ts'
import type { Step } from '../../src/embedded/step.ts'
import type { Operation } from './watched-files.ts'

/** Steps that the engine reports. A missing one does not compile. */
const ENGINE_STEPS: Record<Step, true> = {
  appended: true,
  'checkpoint captured': true,
  'checkpoint synced': true,
  'checkpoint slice': true,
  'checkpoint written': true,
  'checkpoint saved': true,
  'checkpoint released': true
}

/** What the journal requests from the disk, from the start of a process to its end. */
const DISK_STEPS = [
  'list',
  'open segment',
  'read segment',
  'create unfinished',
  'write unfinished',
  'sync unfinished',
  // At a start after a crash that left the file behind.
  'remove unfinished',
  'rename segment',
  'syncDirectory',
  'write segment',
  'sync segment',
  'remove segment',
  // At a start that has to write something again.
  'create unsettled',
  'remove unsettled'
]

/** Every step at which tests kill a process. */
export const ALL_STEPS: readonly string[] = [...Object.keys(ENGINE_STEPS), ...DISK_STEPS]

export function stepOf({ kind, file }: Operation): string {
  if (kind === 'list' || kind === 'syncDirectory') return kind
  const what = new Map([
    [UNFINISHED, 'unfinished'],
    [UNSETTLED, 'unsettled']
  ]).get(file)
  return `${kind} ${what ?? 'segment'}`
}
