import { UNFINISHED } from '../../src/embedded/journal/segment.ts'
import { UNSETTLED } from '../../src/embedded/journal/settle.ts'
import type { Step } from '../../src/embedded/step.ts'
import type { Operation } from './watched-files.ts'

/** Told by the engine. One that is missing here does not compile. */
const STEPS: Record<Step, true> = {
  appended: true,
  'checkpoint captured': true,
  'checkpoint synced': true,
  'checkpoint slice': true,
  'checkpoint written': true,
  'checkpoint saved': true,
  'checkpoint released': true
}

/** Asked of the disk by the journal, from the start of a process to its end. */
const DISK_STEPS = [
  'list',
  'open segment',
  'read segment',
  'create unfinished',
  'write unfinished',
  'sync unfinished',
  // Right after a death that left something of it behind.
  'remove unfinished',
  'rename segment',
  'syncDirectory',
  'write segment',
  'sync segment',
  'remove segment',
  // By a start that has something to write anew.
  'create unsettled',
  'remove unsettled'
]

/** Everywhere that a process is made to end. */
export const ALL_STEPS: readonly string[] = [...Object.keys(STEPS), ...DISK_STEPS]

export function stepOf({ kind, file }: Operation): string {
  if (kind === 'list' || kind === 'syncDirectory') return kind
  const what = new Map([
    [UNFINISHED, 'unfinished'],
    [UNSETTLED, 'unsettled']
  ]).get(file)
  return `${kind} ${what ?? 'segment'}`
}
