import { HttpClient } from '../clients/http-client.ts'
import { LeanClient } from '../clients/lean-client.ts'
import { fill } from '../fill.ts'
import { pacedLoad } from '../paced-load.ts'
import { withDirectory } from '../program.ts'
import { calmAfterMs, QUARTER_MS } from '../quarters.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { Schedule } from '../schedule.ts'
import { startWeir } from '../server.ts'
import { type Setting, targetAt } from '../setting.ts'

const ENTRIES = 100_000
const LIMIT_MS = 50
/** A calm period is a second in which no quarter exceeds the limit. */
const CALM_QUARTERS = 1000 / QUARTER_MS
const FIRST_QUARTERS = 1000 / QUARTER_MS
/** How many quarters of a second the note lists. */
const NOTED = 12

/** Measures the same load as `paced`, from the moment when a Weir that was just started is ready. */
export function firstSecond(setting: Setting): Scenario {
  const { rate } = setting
  const target = targetAt(setting, { atMost: LIMIT_MS })
  return {
    name: 'first-second',
    about: `${count(rate)} appends a second from the moment when a start on ${count(ENTRIES)} entries is ready`,
    defaultSeconds: 10,
    contenders: ['weir'],
    embeddedOnly: true,
    rows: {
      worst: {
        question: `worst delivery in the first second after a start at ${count(rate)} a second, ms`,
        show: ms,
        ...(target && { value: target })
      },
      calmAfter: {
        question: `time after a start until a second without a delivery above ${LIMIT_MS} ms begins, ms`,
        show: count
      }
    },
    async measure(options) {
      await warmGenerator(rate, options)
      const worstMs = await measure(rate, options)
      const calmAfter = calmAfterMs(worstMs, { limitMs: LIMIT_MS, quarters: CALM_QUARTERS })
      const quarters = worstMs.slice(0, NOTED).map((worst) => Math.round(worst))
      const calm = calmAfter === undefined ? ` No second of ${options.seconds} was calm.` : ''
      const note = `first-second: worst delivery in each quarter of a second after the start: ${quarters.join(' ')} ms.${calm}`
      progress(note)
      return {
        figures: {
          worst: { weir: Math.max(...worstMs.slice(0, FIRST_QUARTERS)) },
          // If no second was calm, it takes longer than the measurement. The note says so.
          calmAfter: { weir: calmAfter ?? options.seconds * 1000 }
        },
        notes: [note]
      }
    }
  }
}

/** Sends the load to another Weir first, so that the generator's code is warm and only the measured Weir is cold. */
async function warmGenerator(rate: number, { warmUpSeconds, weir }: ScenarioOptions): Promise<void> {
  const { profileDirectory: _, ...options } = weir
  const server = await startWeir(options)
  const client = new HttpClient(server.port)
  try {
    await client.open()
    const schedule = new Schedule([{ perSecond: rate, seconds: warmUpSeconds }])
    await pacedLoad(client, { schedule, warmUpMs: 0, pids: server.pids })
  } finally {
    client.close()
    await server.stop()
  }
}

/** Returns the worst delivery in each quarter of a second. */
function measure(rate: number, { seconds, share, weir }: ScenarioOptions): Promise<readonly number[]> {
  return withDirectory(async (directory) => {
    const before = ENTRIES * share
    await fill(directory, { entries: before, pending: 0 })
    const server = await startWeir({ ...weir, dataDirectory: directory })
    const client = new HttpClient(server.port)
    try {
      await waitUntilReady(server.port)
      const schedule = new Schedule([{ perSecond: rate, seconds }])
      const load = await pacedLoad(client, {
        schedule,
        warmUpMs: 0,
        pids: server.pids,
        before,
        label: 'first-second'
      })
      return load.worstMs
    } finally {
      client.close()
      await server.stop()
    }
  })
}

async function waitUntilReady(port: number): Promise<void> {
  const client = new LeanClient(port)
  while ((await client.send('GET', '/readyz')).status !== 200);
  client.close()
}
