import { join } from 'node:path'
import { type CheckpointSpan, CheckpointWatch } from '../checkpoint-watch.ts'
import { clientOf } from '../clients/client-of.ts'
import { readCollections } from '../collections.ts'
import type { Contender } from '../contender.ts'
import { availableMedia, type Medium } from '../media.ts'
import { type PacedLoad, pacedLoad } from '../paced-load.ts'
import { watchProcessors } from '../processor-time.ts'
import { withDirectory } from '../program.ts'
import { count, ms } from '../results/table.ts'
import type { Figures, Point, Row, Scenario, ScenarioOptions, Timeline } from '../scenario.ts'
import { progress } from '../scenario.ts'
import { Schedule } from '../schedule.ts'
import { startContender } from '../server.ts'
import { type Setting, targetAt } from '../setting.ts'
import { type Observed, timelineOf } from '../timeline.ts'

/** The percentiles of the plot. The last one is the maximum. */
const CURVE = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100]

type MediumName = Medium['name']
type FigureName = 'p50' | 'p99' | 'p99_9' | 'max' | 'processor'
/** `max`: the target of Weir's figure. `ratio`: the target of its ratio to `direct`. */
type Targets = Partial<Record<FigureName, { readonly max: number; readonly ratio?: number }>>

const TARGETS: Record<Setting['engine'], Record<MediumName, Targets>> = {
  embedded: {
    'on disk': {
      p99: { max: 6, ratio: 2.5 },
      p99_9: { max: 11, ratio: 1 },
      max: { max: 25 },
      processor: { max: 50 }
    },
    'in memory': { p99: { max: 5.5, ratio: 2 }, p99_9: { max: 10, ratio: 2 } }
  },
  redis: { 'on disk': { p99: { max: 12 }, p99_9: { max: 30 } }, 'in memory': {} }
}

/** Measures a steady load, with the data on disk and in memory. */
export function paced(setting: Setting): Scenario {
  const { rate } = setting
  return {
    name: 'paced',
    about: `latency at ${count(rate)} appends a second, one entry each, with 10 consumers that long-poll and ack`,
    defaultSeconds: 30,
    defaultRuns: 5,
    contenders: ['weir', 'direct', 'proxy'],
    rows: { ...rowsOf('on disk', setting), ...rowsOf('in memory', setting) },
    async measure(options) {
      const { media: found, missing } = availableMedia()
      // A profile of two loads could not be told apart.
      const measuredMedia = options.weir.profileDirectory === undefined ? found : found.slice(0, 1)
      const figures: Record<string, Figures> = {}
      const timelines: Timeline[] = []
      const notes = missing.map((sentence) => `paced: ${sentence}.`)
      let curves = {}
      for (const medium of measuredMedia) {
        const measured: Partial<Record<Contender, Measured>> = {}
        for (const contender of contendersOn(medium, options.contenders)) {
          const each = await measure(contender, medium, rate, options)
          measured[contender] = each
          notes.push(each.note)
          for (const [name, value] of Object.entries(figuresOf(each)))
            figures[`${name} ${medium.name}`] = { ...figures[`${name} ${medium.name}`], [contender]: value }
        }
        if (medium.name === 'on disk') curves = curvesOf(measured)
        const { weir, direct } = measured
        const name = `${medium.name}, at ${count(rate)} appends a second`
        // Leaves out the proxy: its backlog takes seconds, which would flatten the other curves.
        if (weir !== undefined) timelines.push(timelineOf(name, weir, direct))
      }
      return { figures, rate, curves, timelines, notes }
    }
  }
}

/** The proxy is measured only on disk, because the targets in memory compare Weir with Redis. */
function contendersOn({ name }: Medium, contenders: readonly Contender[]): Contender[] {
  return contenders.filter((contender) => contender !== 'proxy' || name === 'on disk')
}

function rowsOf(medium: MediumName, setting: Setting): Record<string, Row> {
  const targets = TARGETS[setting.engine][medium]
  const row = (name: FigureName, question: string, show = ms): Record<string, Row> => {
    const { max, ratio } = targets[name] ?? {}
    const value = max === undefined ? undefined : targetAt(setting, { atMost: max })
    const judged = { ...(value && { value }), ...(ratio !== undefined && { ratio: { atMost: ratio } }) }
    return { [`${name} ${medium}`]: { question, show, against: 'direct', ...judged } }
  }
  return {
    ...row('p50', `L4 append to delivery at ${count(setting.rate)} a second, ${medium}: p50, ms`),
    ...row('p99', 'p99, ms'),
    ...row('p99_9', 'p99.9, ms'),
    ...row('max', 'max, ms'),
    ...row('processor', 'processor time per request, µs', (us) => us.toFixed(1))
  }
}

interface Measured extends Observed {
  readonly note: string
}

async function measure(
  contender: Contender,
  medium: Medium,
  rate: number,
  { seconds, warmUpSeconds, weir }: ScenarioOptions
): Promise<Measured> {
  return withDirectory(async (directory) => {
    const collectionsFile = join(directory, 'collections.json')
    const server = await startContender(contender, { ...weir, within: medium.directory, collectionsFile })
    const client = clientOf(contender, server)
    const label = `${contender} ${medium.name}`
    const watch = contender === 'weir' ? new CheckpointWatch(server.port) : undefined
    let checkpoints: CheckpointSpan[] = []
    let load: PacedLoad
    let note: string
    try {
      await client.open()
      const processors = watchProcessors(server.pids)
      const schedule = new Schedule([{ perSecond: rate, seconds: warmUpSeconds + seconds }])
      const { pids } = server
      load = await pacedLoad(client, { schedule, warmUpMs: warmUpSeconds * 1000, pids, label })
      note = noteOf(label, load, schedule, processors())
      progress(note)
    } finally {
      checkpoints = (await watch?.stop()) ?? []
      client.close()
      await server.stop()
    }
    const collections = contender === 'weir' ? await readCollections(collectionsFile) : []
    return { load, note, checkpoints, collections }
  })
}

function noteOf(label: string, load: PacedLoad, { total }: Schedule, processors: string): string {
  const { late, entriesPerRead, sent } = load
  const ended =
    sent < total ? ` It could not keep up: the measurement ended after ${count(sent)} appends.` : ''
  const delay = `p99 of the generator's delay ${ms(late.percentiles([99])[0] ?? 0)} ms`
  return `${label}: ${delay}; ${entriesPerRead.toFixed(1)} entries per read; ${processors}.${ended}`
}

function figuresOf({ load }: Measured): Partial<Record<FigureName, number>> {
  const [p50 = 0, p99 = 0, p99_9 = 0, max = 0] = load.latencies.percentiles()
  // Unknown if the measurement ended during the warm-up.
  const processor = Number.isNaN(load.processorUs) ? {} : { processor: load.processorUs }
  return { p50, p99, p99_9, max, ...processor }
}

function curvesOf(measured: Partial<Record<Contender, Measured>>): Partial<Record<Contender, Point[]>> {
  const pointsOf = ({ load }: Measured): Point[] =>
    load.latencies.percentiles(CURVE).map((took, i) => [CURVE[i] ?? 0, took])
  return Object.fromEntries(Object.entries(measured).map(([name, each]) => [name, pointsOf(each)]))
}
