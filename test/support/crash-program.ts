import fs from 'node:fs'
import { engineOn } from '../../src/embedded/engine.ts'
import { diskFiles } from '../../src/embedded/journal/files.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { openStorage } from '../../src/embedded/storage.ts'
import { eventText, type HistoryEvent, stateOf } from './crash-history.ts'
import { HistoryRecorder } from './crash-recorder.ts'
import { stepOf } from './crash-steps.ts'
import { runWorkload } from './crash-workload.ts'
import { Random } from './random.ts'
import { watchedFiles } from './watched-files.ts'

/** What one engine does until its process is killed. */
export interface Plan {
  readonly directory: string
  readonly seed: number
  /** The time at which its clock starts, in milliseconds. */
  readonly at: number
  /**
   * The step that ends the process when it comes for the nth time: just before the step, or `afterMicros` microseconds
   * after it has begun. Without `end`, the engine runs until it is killed.
   */
  readonly end?: { readonly step: string; readonly nth: number; readonly afterMicros?: number }
}

const STDOUT = 1
/** The file descriptor for the history of the first engine. Those of the other engines follow. */
const FIRST_HISTORY = 3
/** After this many runs, an engine that has not reached its step ends the process. */
const MAX_RUNS = 3

async function run({ directory, seed, at, end }: Plan, history: number): Promise<void> {
  const random = new Random(seed)
  let left = end?.nth ?? 0

  const write = (event: HistoryEvent): void => {
    fs.writeSync(history, `${eventText(event)}\n`)
  }

  const die = (step: string): void => {
    write({ is: 'death', step })
    process.kill(process.pid, 'SIGKILL')
  }

  const reach = (step: string): void => {
    if (step !== end?.step || --left !== 0) return
    const { afterMicros } = end
    if (afterMicros === undefined) die(step)
    // By then the step has begun, and continues in another thread.
    setImmediate(() => {
      const until = process.hrtime.bigint() + BigInt(1000 * (afterMicros ?? 0))
      while (process.hrtime.bigint() < until);
      die(`in ${step}`)
    })
  }

  const runOnce = async (): Promise<void> => {
    const recorder = new HistoryRecorder(write, random, at)
    const onStep: HistoryRecorder['onStep'] = (step) => {
      recorder.onStep(step)
      reach(step)
    }
    const storage = await openStorage({
      directory,
      fsync: random.oneOf('always', 'always', 'everysec', 'never'),
      files: watchedFiles((operation) => reach(stepOf(operation)), diskFiles, random.once(2)),
      segmentBytes: HEADER_BYTES + random.oneOf(1024, 4096, 65_536),
      reserveBytes: random.oneOf(0, 2048),
      everyBytes: random.oneOf(500, 5000, 50_000),
      everyMs: random.oneOf(1, 5, 50),
      memoryBytes: random.oneOf(1, 50_000, 1 << 28),
      onStep
    })
    write({ is: 'state', state: stateOf(storage.streams) })
    const engine = engineOn(storage, { maxWaiting: 1000, now: recorder.now, onStep })
    const requests = random.integer(5, 70)
    await runWorkload(engine, storage.streams, recorder, { random, requests, lanes: random.integer(1, 12) })
    if (end !== undefined && random.once(3)) die('the end of a run')
    await engine.close()
    write({ is: 'closed' })
  }

  for (let runs = 0; end === undefined || runs < MAX_RUNS; runs++) await runOnce()
  die('the end of all runs')
}

fs.writeSync(STDOUT, 'started\n')
const plans: Plan[] = JSON.parse(process.argv[2] ?? '')
await Promise.all(plans.map((plan, engine) => run(plan, FIRST_HISTORY + engine)))
