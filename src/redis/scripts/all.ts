import { APPEND } from './append.ts'
import { DESCRIBE } from './describe.ts'
import * as entries from './entries.ts'
import * as groups from './groups.ts'
import { LOOK } from './look.ts'
import * as pending from './pending.ts'
import { PROBE_GROUP, READ_GROUP, READ_OWN, UNDO } from './read-group.ts'
import type { Script } from './script.ts'

/** What a new connection loads, so that requests need to send no more than its name. */
export const ALL_SCRIPTS: readonly Script[] = [
  APPEND,
  DESCRIBE,
  LOOK,
  PROBE_GROUP,
  READ_GROUP,
  READ_OWN,
  UNDO,
  ...Object.values(entries),
  ...Object.values(groups),
  ...Object.values(pending)
]
