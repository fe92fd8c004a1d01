import type { Scenario } from './scenario.ts'
import { appends } from './scenarios/appends.ts'
import { batchSizes } from './scenarios/batch-sizes.ts'
import { batches } from './scenarios/batches.ts'
import { burst } from './scenarios/burst.ts'
import { checkpoints } from './scenarios/checkpoints.ts'
import { direct } from './scenarios/direct.ts'
import { firstSecond } from './scenarios/first-second.ts'
import { memory } from './scenarios/memory.ts'
import { overload } from './scenarios/overload.ts'
import { paced } from './scenarios/paced.ts'
import { pending } from './scenarios/pending.ts'
import { restart } from './scenarios/restart.ts'
import { sizes } from './scenarios/sizes.ts'
import { waiting } from './scenarios/waiting.ts'
import { DEFAULT_SETTING, type Setting } from './setting.ts'

/** In the order of the questions, and those that go deeper after them. */
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
    overload
  ]
}

export const SCENARIOS: readonly Scenario[] = scenariosOf(DEFAULT_SETTING)
