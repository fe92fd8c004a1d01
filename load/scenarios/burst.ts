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
/** A rate is sustained if all is delivered so soon after the last append of a step was due. */
const BEHIND_MS = 100
const STEP_SECONDS = 2
/** The search begins at this rate, and ends below that one, which no Node serves. */
const LEAST = 1000
const MOST = 100_000
/** The rate after the burst must leave so much of the sustained rate to work off a backlog. */
const ROOM = 0.25
/** Otherwise the rate is this share of the sustained one. */
const HALF = 0.5
/** The backlog has cleared when no delivery has taken longer than this for a second. */
const GONE_MS = 100
const GONE_QUARTERS = 1000 / QUARTER_MS

/** Finds the rate that can be sustained, sends more than that for some seconds, and then less again. */
export function burst(setting: Setting): Scenario {
  const { rate } = setting
  const within = (atMost: number) => ({ value: { atMost } })
  return {
    name: 'burst',
    about: `${BURST_SECONDS} s at ${FACTOR} times the rate that is sustained, and then ${count(rate)} appends a second`,
    defaultSeconds: 15,
    contenders: ['weir'],
    // Behind Weir, a Redis that cannot follow answers too late, and reads are refused with 503.
    embeddedOnly: true,
    rows: {
      sustained: { question: 'appends a second that are sustained, with reads and acks', show: count },
      backlog: {
        question: `worst delivery at the end of ${BURST_SECONDS} s at ${FACTOR} times of them, ms`,
        show: ms
      },
      goneAfter: {
        question: `then ${count(rate)} a second: until the backlog is gone, ms`,
        show: count,
        ...within(5000)
      },
      longest: { question: 'longest that any of their requests waits, ms', show: count, ...within(2000) }
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
  await load(new Schedule([{ perSecond: LEAST, seconds: warmUpSeconds }]))
  const stepSeconds = Math.min(STEP_SECONDS, seconds / 4)
  const sustains = async (perSecond: number): Promise<boolean> => {
    const step = new Schedule([{ perSecond, seconds: stepSeconds }])
    const { behindMs, sent } = await load(step)
    progress(`burst: ${count(perSecond)} a second, ${ms(behindMs)} ms behind in the end`)
    return sent === step.total && behindMs <= BEHIND_MS
  }
  const sustained = await sustainedRate({ from: LEAST, below: MOST, sustains })

  const burstSeconds = Math.min(BURST_SECONDS, seconds / 2)
  const after = rate <= (1 - ROOM) * sustained ? rate : HALF * sustained
  const { worstMs, longestAnswerMs } = await load(
    new Schedule([
      { perSecond: FACTOR * sustained, seconds: burstSeconds },
      { perSecond: after, seconds }
    ])
  )
  const from = Math.ceil((burstSeconds * 1000) / QUARTER_MS)
  const goneAfter = calmAfterMs(worstMs, { limitMs: GONE_MS, quarters: GONE_QUARTERS, from })
  const still = goneAfter === undefined ? ` The backlog was not gone after ${seconds} s.` : ''
  const rates = `${count(sustained)} a second are sustained; ${burstSeconds} s at ${count(FACTOR * sustained)}, then ${count(after)}`
  const quarters = worstMs.map((worst) => Math.round(worst)).join(' ')
  const note = `burst: ${rates}; worst delivery of each quarter of a second: ${quarters} ms.${still}`
  progress(note)
  return {
    figures: {
      sustained: { weir: sustained },
      backlog: { weir: worstMs[from - 1] ?? 0 },
      goneAfter: { weir: goneAfter ?? seconds * 1000 },
      longest: { weir: longestAnswerMs }
    },
    notes: [note]
  }
}
