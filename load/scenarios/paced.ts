import { join } from 'node:path'
import { type CheckpointSpan, CheckpointWatch } from '../checkpoint-watch.ts'
import { clientOf } from '../clients/client-of.ts'
import { readCollections } from '../collections.ts'
import type { Contender } from '../contender.ts'
import { type Place, places } from '../media.ts'
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

/** The percentiles of the plot; the last one is the longest that any entry took. */
const CURVE = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100]

type PlaceName = Place['name']
type FigureName = 'p50' | 'p99' | 'p99_9' | 'max' | 'processor'
type Targets = Partial<Record<FigureName, { readonly most: number; readonly ratio?: number }>>

const TARGETS: Record<Setting['engine'], Record<PlaceName, Targets>> = {
  embedded: {
    'on disk': {
      p99: { most: 6, ratio: 2.5 },
      p99_9: { most: 11, ratio: 1 },
      max: { most: 25 },
      processor: { most: 50 }
    },
    'in memory': { p99: { most: 5.5, ratio: 2 }, p99_9: { most: 10, ratio: 2 } }
  },
  redis: { 'on disk': { p99: { most: 12 }, p99_9: { most: 30 } }, 'in memory': {} }
}

/** A steady load, with the data on disk and in memory. */
export function paced(setting: Setting): Scenario {
  const { rate } = setting
  return {
    name: 'paced',
    about: `${count(rate)} appends a second, one entry each; 10 consumers that long-poll and ack`,
    defaultSeconds: 30,
    defaultRuns: 5,
    contenders: ['weir', 'direct', 'proxy'],
    rows: { ...rowsOf('on disk', setting), ...rowsOf('in memory', setting) },
    async measure(options) {
      const { places: found, missing } = places()
      // A profile of two loads at once would tell nothing of either.
      const all = options.weir.profileDirectory === undefined ? found : found.slice(0, 1)
      const figures: Record<string, Figures> = {}
      const timelines: Timeline[] = []
      const notes = missing.map((sentence) => `paced: ${sentence}.`)
      let curves = {}
      for (const place of all) {
        const measured: Partial<Record<Contender, Measured>> = {}
        for (const contender of takingPart(options.contenders, place)) {
          const one = await measure(contender, place, rate, options)
          measured[contender] = one
          notes.push(one.note)
          for (const [name, value] of Object.entries(figuresOf(one)))
            figures[`${name} ${place.name}`] = { ...figures[`${name} ${place.name}`], [contender]: value }
        }
        if (place.name === 'on disk') curves = curvesOf(measured)
        const { weir, direct } = measured
        const name = `${place.name}, at ${count(rate)} appends a second`
        // The proxy, whose backlog has seconds, would leave no room for the others.
        if (weir !== undefined) timelines.push(timelineOf(name, weir, direct))
      }
      return { figures, rate, curves, timelines, notes }
    }
  }
}

/** The proxy is measured on disk alone, because the targets in memory are for Weir and Redis. */
function takingPart(contenders: readonly Contender[], { name }: Place): Contender[] {
  return contenders.filter((contender) => contender !== 'proxy' || name === 'on disk')
}

function rowsOf(place: PlaceName, setting: Setting): Record<string, Row> {
  const targets = TARGETS[setting.engine][place]
  const row = (name: FigureName, question: string, show = ms): Record<string, Row> => {
    const { most, ratio } = targets[name] ?? {}
    const value = most === undefined ? undefined : targetAt(setting, { atMost: most })
    const judged = { ...(value && { value }), ...(ratio !== undefined && { ratio: { atMost: ratio } }) }
    return { [`${name} ${place}`]: { question, show, against: 'direct', ...judged } }
  }
  return {
    ...row('p50', `L4 append to delivery at ${count(setting.rate)} a second, ${place}: p50, ms`),
    ...row('p99', 'p99, ms'),
    ...row('p99_9', 'p99.9, ms'),
    ...row('max', 'longest, ms'),
    ...row('processor', 'processor time of a request, µs', (us) => us.toFixed(1))
  }
}

interface Measured extends Observed {
  readonly note: string
}

async function measure(
  contender: Contender,
  place: Place,
  rate: number,
  { seconds, warmUpSeconds, weir }: ScenarioOptions
): Promise<Measured> {
  return withDirectory(async (directory) => {
    const collectionsFile = join(directory, 'collections.json')
    const server = await startContender(contender, { ...weir, within: place.directory, collectionsFile })
    const client = clientOf(contender, server)
    const what = `${contender} ${place.name}`
    const watch = contender === 'weir' ? new CheckpointWatch(server.port) : undefined
    let checkpoints: CheckpointSpan[] = []
    let load: PacedLoad
    let note: string
    try {
      await client.open()
      const processors = watchProcessors(server.pids)
      const schedule = new Schedule([{ perSecond: rate, seconds: warmUpSeconds + seconds }])
      const { pids } = server
      load = await pacedLoad(client, { schedule, warmUpMs: warmUpSeconds * 1000, pids, label: what })
      note = noteOf(what, load, schedule, processors())
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

function noteOf(what: string, load: PacedLoad, { total }: Schedule, processors: string): string {
  const { late, entriesPerRead, sent } = load
  const cut = sent < total ? ` It could not follow, and was given up after ${count(sent)}.` : ''
  const sending = `p99 of sending late ${ms(late.percentiles([99])[0] ?? 0)} ms`
  return `${what}: ${sending}; reads of ${entriesPerRead.toFixed(1)} entries; ${processors}.${cut}`
}

function figuresOf({ load }: Measured): Partial<Record<FigureName, number>> {
  const [p50 = 0, p99 = 0, p99_9 = 0, max = 0] = load.latencies.percentiles()
  // A contender that was given up during the warm-up has no such figure.
  const processor = Number.isNaN(load.processorUs) ? {} : { processor: load.processorUs }
  return { p50, p99, p99_9, max, ...processor }
}

function curvesOf(measured: Partial<Record<Contender, Measured>>): Partial<Record<Contender, Point[]>> {
  const pointsOf = ({ load }: Measured): Point[] =>
    load.latencies.percentiles(CURVE).map((took, i) => [CURVE[i] ?? 0, took])
  return Object.fromEntries(Object.entries(measured).map(([name, found]) => [name, pointsOf(found)]))
}
