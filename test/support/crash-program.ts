import fs from 'node:fs'
import { engineOn } from '../../src/embedded/engine.ts'
import { diskFiles } from '../../src/embedded/journal/files.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { openStorage } from '../../src/embedded/storage.ts'
import { eventText, type HistoryEvent, stateOf } from './crash-history.ts'
import { HistoryRecorder } from './crash-recorder.ts'
import { stepOf } from './crash-steps.ts'
import { live } from './crash-workload.ts'
import { Random } from './random.ts'
import { watchedFiles } from './watched-files.ts'

/** What one engine of a process that is going to be killed does until then. */
export interface Plan {
  readonly directory: string
  readonly seed: number
  /** What its clock begins with. */
  readonly at: number
  /** The step at which it ends the process: before it, or so many microseconds into it. Without one it goes on and on. */
  readonly end?: { readonly step: string; readonly nth: number; readonly afterMicros?: number }
}

const STDOUT = 1
/** Where the first engine leaves its evidence. Those of the others follow. */
const EVIDENCE = 3
/** An engine that does not come to its step ends the process after so many lives. */
const LIVES = 3

async function run({ directory, seed, at, end }: Plan, evidence: number): Promise<void> {
  const random = new Random(seed)
  let left = end?.nth ?? 0

  const write = (line: HistoryEvent): void => {
    fs.writeSync(evidence, `${eventText(line)}\n`)
  }

  const die = (step: string): void => {
    write({ is: 'death', step })
    process.kill(process.pid, 'SIGKILL')
  }

  const reach = (step: string): void => {
    if (step !== end?.step || --left !== 0) return
    const { afterMicros } = end
    if (afterMicros === undefined) die(step)
    // By then it has begun, and goes on in another thread.
    setImmediate(() => {
      const until = process.hrtime.bigint() + BigInt(1000 * (afterMicros ?? 0))
      while (process.hrtime.bigint() < until);
      die(`in ${step}`)
    })
  }

  const life = async (): Promise<void> => {
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
    await live(engine, storage.streams, recorder, { random, requests, lanes: random.integer(1, 12) })
    if (end !== undefined && random.once(3)) die('the end of a life')
    await engine.close()
    write({ is: 'closed' })
  }

  for (let lives = 0; end === undefined || lives < LIVES; lives++) await life()
  die('the end of all lives')
}

fs.writeSync(STDOUT, 'started\n')
const plans: Plan[] = JSON.parse(process.argv[2] ?? '')
await Promise.all(plans.map((plan, engine) => run(plan, EVIDENCE + engine)))
