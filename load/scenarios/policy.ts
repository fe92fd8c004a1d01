import { openContender, type RunningSide } from '../compare/side.ts'
import { takeTurns, turnsOf } from '../compare/turns.ts'
import { batches, PER_SECOND, PROCESSOR, paced, type Workload } from '../compare/workloads.ts'
import { POLICY } from '../orders.ts'
import { watchProcessors } from '../processor-time.ts'
import { count, ms } from '../results/table.ts'
import {
  type Figures,
  type Measurement,
  progress,
  type Row,
  type Scenario,
  type ScenarioOptions
} from '../scenario.ts'
import type { Setting } from '../setting.ts'

const TURN_SECONDS = 2
/** How much more processor time a request may take, as a ratio. */
const MAX_PROCESSOR = 1.15
/** The fraction of the entries a second that must be left. */
const MIN_PER_SECOND = 0.85

type LoadName = 'paced' | 'batches'

/**
 * Measures what a delivery policy costs. Two servers run at once, one of them with a policy for the group. They get the
 * same load in turns, so that other work on the machine affects both alike. The policy applies to every entry, but no
 * entry falls due.
 */
export function policy(setting: Setting): Scenario {
  return {
    name: 'policy',
    about: 'the loads of paced and batches for a group with a delivery policy, compared with one without',
    defaultSeconds: 20,
    contenders: ['weir'],
    rows: rowsOf(setting),
    async measure(options) {
      const figures: Record<string, Figures> = {}
      const ratios: Record<string, number> = {}
      const notes: string[] = []
      const all = Object.entries(loadsOf(setting))
      // A profile of several servers could not be told apart.
      const measured = isProfiled(options) ? all.slice(0, 1) : all
      for (const [name, loadOf] of measured) {
        const sides = await openSides(options)
        try {
          const processors = watchProcessors(sides.flatMap(({ pids }) => pids))
          const compared = await compareSides(name, sides, loadOf, options)
          Object.assign(figures, compared.figures)
          Object.assign(ratios, compared.ratios)
          const note = `policy, ${name}: ${processors()}`
          progress(note)
          notes.push(note)
        } finally {
          for (const side of sides) await side.stop()
        }
      }
      return { figures, ratios, notes }
    }
  }
}

/** The loads, as functions of the duration of a turn. */
export function loadsOf({ rate }: Setting): Record<LoadName, (seconds: number) => Workload> {
  return {
    paced: (seconds) => paced({ seconds, rate }),
    batches: (seconds) => batches({ seconds })
  }
}

function isProfiled({ weir }: ScenarioOptions): boolean {
  return weir.profileDirectory !== undefined
}

function rowsOf({ rate }: Setting): Record<string, Row> {
  const row = (load: LoadName, figure: string, row: Omit<Row, 'against'>): Record<string, Row> => ({
    [`${load} ${figure}`]: { ...row, against: 'baseline' }
  })
  const latency = (name: string) => row('paced', name, { question: name, show: ms })
  const showMicroseconds = (us: number): string => us.toFixed(1)
  return {
    ...row('paced', PROCESSOR, {
      question: `processor time per request at ${count(rate)} a second with a delivery policy, compared with none, µs`,
      show: showMicroseconds,
      ratio: { atMost: MAX_PROCESSOR }
    }),
    ...row('paced', 'p50, ms', { question: 'their time from append to delivery: p50, ms', show: ms }),
    ...latency('p99, ms'),
    ...latency('p99.9, ms'),
    ...latency('max, ms'),
    ...row('batches', PER_SECOND, {
      question: 'entries a second in batches of 100 with a delivery policy, compared with none',
      show: count,
      ratio: { atLeast: MIN_PER_SECOND }
    }),
    ...row('batches', PROCESSOR, { question: 'processor time per entry, µs', show: showMicroseconds })
  }
}

/** Starts the server without a policy, and then the one with a policy. For a profile, starts only the second. */
async function openSides(options: ScenarioOptions): Promise<RunningSide[]> {
  const { weir } = options
  if (isProfiled(options)) return [await openContender('weir', weir, POLICY)]
  const without = await openContender('weir', weir)
  try {
    return [without, await openContender('weir', weir, POLICY)]
  } catch (error) {
    await without.stop()
    throw error
  }
}

type Compared = Required<Pick<Measurement, 'figures' | 'ratios'>>

/**
 * Gives a load to all sides in turns, after a warm-up of each. Only the last side has a policy. Returns the medians of
 * the turns, and the medians of the ratios in a round, by the names of their rows.
 */
export async function compareSides(
  load: string,
  sides: readonly RunningSide[],
  loadOf: (seconds: number) => Workload,
  { seconds, warmUpSeconds }: Pick<ScenarioOptions, 'seconds' | 'warmUpSeconds'>
): Promise<Compared> {
  const rounds = Math.max(1, Math.round(seconds / TURN_SECONDS))
  const onRound = (round: number): void => progress(`policy, ${load}: round ${round} of ${rounds} …`)
  await takeTurns(sides, loadOf(warmUpSeconds), { rounds: 1 })
  const { names, rows } = turnsOf(await takeTurns(sides, loadOf(seconds / rounds), { rounds, onRound }))
  const figures: Record<string, Figures> = {}
  const ratios: Record<string, number> = {}
  const weir = rows.at(-1) ?? []
  const baseline = rows.length > 1 ? rows[0] : undefined
  for (const [i, name] of names.entries()) {
    figures[`${load} ${name}`] = {
      weir: weir[i]?.median ?? Number.NaN,
      ...(baseline && { baseline: baseline[i]?.median ?? Number.NaN })
    }
    if (baseline) ratios[`${load} ${name}`] = weir[i]?.ratio ?? Number.NaN
  }
  return { figures, ratios }
}
