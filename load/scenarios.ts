import type { Scenario } from './scenario.ts'
import { appends } from './scenarios/appends.ts'
import { batchSizes } from './scenarios/batch-sizes.ts'
import { batches } from './scenarios/batches.ts'
import { checkpoints } from './scenarios/checkpoints.ts'
import { direct } from './scenarios/direct.ts'
import { memory } from './scenarios/memory.ts'
import { overload } from './scenarios/overload.ts'
import { paced } from './scenarios/paced.ts'
import { pending } from './scenarios/pending.ts'
import { restart } from './scenarios/restart.ts'
import { sizes } from './scenarios/sizes.ts'
import { waiting } from './scenarios/waiting.ts'

/** In the order of the questions, and those that go deeper after them. */
export const SCENARIOS: readonly Scenario[] = [
  appends,
  batches,
  direct,
  paced,
  waiting,
  sizes,
  pending,
  memory,
  restart,
  batchSizes,
  checkpoints,
  overload
]
