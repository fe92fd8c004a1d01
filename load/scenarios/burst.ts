import type { Client } from '../clients/client.ts'
import { clientOf } from '../clients/client-of.ts'
import { pacedLoad } from '../paced-load.ts'
import { calmAfterMs, QUARTER_MS } from '../quarters.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { Schedule } from '../schedule.ts'
import { type Server, startContender } from '../server.ts'
import type { Setting } from '../setting.ts'
import { sustainedRate } from '../sustained-rate.ts'

const FACTOR = 1.2
const BURST_SECONDS = 5
/** A rate is sustained if everything is delivered within this time after the last append of a step was due. */
const MAX_BEHIND_MS = 100
const STEP_SECONDS = 2
/** The search starts at this rate. */
const MIN_RATE = 1000
/** The search ends below this rate, which no Node serves. */
const MAX_RATE = 100_000
/** The rate after the burst must leave this fraction of the sustained rate for the backlog. */
const RESERVE = 0.25
/** If the rate does not leave enough, it is replaced by this fraction of the sustained rate. */
const REDUCED = 0.5
/** The backlog is cleared when a second without a slower delivery begins. */
const CLEAR_MS = 100
const CLEAR_QUARTERS = 1000 / QUARTER_MS

/** Finds the highest rate that is sustained, exceeds it for some seconds, and then continues at a lower rate. */
export function burst(setting: Setting): Scenario {
  const { rate } = setting
  const within = (atMost: number) => ({ value: { atMost } })
  return {
    name: 'burst',
    about: `${BURST_SECONDS} s at ${FACTOR} times the sustained rate, then ${count(rate)} appends a second`,
    defaultSeconds: 15,
    contenders: ['weir'],
    // On an overloaded Redis, replies come too late, and Weir refuses reads with 503.
    embeddedOnly: true,
    rows: {
      sustained: { question: 'highest sustained rate, appends a second, with reads and acks', show: count },
      backlog: {
        question: `worst delivery at the end of ${BURST_SECONDS} s at ${FACTOR} times that rate, ms`,
        show: ms
      },
      clearedAfter: {
        question: `then at ${count(rate)} a second: time until the backlog is cleared, ms`,
        show: count,
        ...within(5000)
      },
      longest: { question: 'longest wait of a request, ms', show: count, ...within(2000) }
    },
    async measure(options) {
      const contender = 'weir'
      const server = await startContender(contender, options.weir)
      const client = clientOf(contender, server)
      try {
        await client.open()
        return await measure(client, server, rate, options)
      } finally {
        client.close()
        await server.stop()
      }
    }
  }
}

async function measure(client: Client, { pids }: Server, rate: number, options: ScenarioOptions) {
  const { seconds, warmUpSeconds } = options
  let before = 0
  const load = async (schedule: Schedule) => {
    const done = await pacedLoad(client, { schedule, warmUpMs: 0, pids, before })
    before += done.sent
    return done
  }
  await load(new Schedule([{ perSecond: MIN_RATE, seconds: warmUpSeconds }]))
  const stepSeconds = Math.min(STEP_SECONDS, seconds / 4)
  const sustains = async (perSecond: number): Promise<boolean> => {
    const step = new Schedule([{ perSecond, seconds: stepSeconds }])
    const { behindMs, sent } = await load(step)
    progress(`burst: ${count(perSecond)} a second, ${ms(behindMs)} ms behind at the end`)
    return sent === step.total && behindMs <= MAX_BEHIND_MS
  }
  const sustained = await sustainedRate({ from: MIN_RATE, below: MAX_RATE, sustains })

  const burstSeconds = Math.min(BURST_SECONDS, seconds / 2)
  const after = rate <= (1 - RESERVE) * sustained ? rate : REDUCED * sustained
  const { worstMs, longestAnswerMs } = await load(
    new Schedule([
      { perSecond: FACTOR * sustained, seconds: burstSeconds },
      { perSecond: after, seconds }
    ])
  )
  const from = Math.ceil((burstSeconds * 1000) / QUARTER_MS)
  const clearedAfter = calmAfterMs(worstMs, { limitMs: CLEAR_MS, quarters: CLEAR_QUARTERS, from })
  const uncleared = clearedAfter === undefined ? ` The backlog was not cleared after ${seconds} s.` : ''
  const rates = `${count(sustained)} a second are sustained; ${burstSeconds} s at ${count(FACTOR * sustained)}, then ${count(after)}`
  const quarters = worstMs.map((worst) => Math.round(worst)).join(' ')
  const note = `burst: ${rates}; worst delivery in each quarter of a second: ${quarters} ms.${uncleared}`
  progress(note)
  return {
    figures: {
      sustained: { weir: sustained },
      backlog: { weir: worstMs[from - 1] ?? 0 },
      clearedAfter: { weir: clearedAfter ?? seconds * 1000 },
      longest: { weir: longestAnswerMs }
    },
    notes: [note]
  }
}
