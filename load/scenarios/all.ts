import type { Scenario } from '../scenario.ts'
import { DEFAULT_SETTING, type Setting } from '../setting.ts'
import { appends } from './appends.ts'
import { batchSizes } from './batch-sizes.ts'
import { batches } from './batches.ts'
import { burst } from './burst.ts'
import { checkpoints } from './checkpoints.ts'
import { direct } from './direct.ts'
import { firstSecond } from './first-second.ts'
import { memory } from './memory.ts'
import { overload } from './overload.ts'
import { paced } from './paced.ts'
import { pending } from './pending.ts'
import { policy } from './policy.ts'
import { restart } from './restart.ts'
import { sizes } from './sizes.ts'
import { waiting } from './waiting.ts'

/** All scenarios: first those of the questions L1 to L8, then those that look into details. */
export function scenariosOf(setting: Setting): Scenario[] {
  return [
    appends,
    batches(setting),
    direct,
    paced(setting),
    firstSecond(setting),
    burst(setting),
    waiting,
    sizes,
    pending,
    memory,
    restart,
    batchSizes,
    checkpoints(setting),
    overload,
    policy(setting)
  ]
}

export const SCENARIOS: readonly Scenario[] = scenariosOf(DEFAULT_SETTING)
