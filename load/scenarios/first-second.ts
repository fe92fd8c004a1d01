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
/** Calm is a second without a quarter above the limit. */
const CALM_QUARTERS = 1000 / QUARTER_MS
const FIRST_QUARTERS = 1000 / QUARTER_MS
/** How many quarters a note lists. */
const NOTED = 12

/** The same steady load as that of `paced`, from the moment when a Weir that was just started is ready. */
export function firstSecond(setting: Setting): Scenario {
  const { rate } = setting
  const target = targetAt(setting, { atMost: LIMIT_MS })
  return {
    name: 'first-second',
    about: `${count(rate)} appends a second from the moment a start is ready, with ${count(ENTRIES)} entries before`,
    defaultSeconds: 10,
    contenders: ['weir'],
    embeddedOnly: true,
    rows: {
      worst: {
        question: `worst delivery in the first second after ready at ${count(rate)} a second, ms`,
        show: ms,
        ...(target && { value: target })
      },
      calmAfter: {
        question: `after ready, until no quarter of a second has a delivery above ${LIMIT_MS} ms for a second: ms`,
        show: count
      }
    },
    async measure(options) {
      await warmGenerator(rate, options)
      const worstMs = await measure(rate, options)
      const calmAfter = calmAfterMs(worstMs, { limitMs: LIMIT_MS, quarters: CALM_QUARTERS })
      const quarters = worstMs.slice(0, NOTED).map((worst) => Math.round(worst))
      const calm = calmAfter === undefined ? ` No second of ${options.seconds} was calm.` : ''
      const note = `first-second: worst delivery of each quarter of a second from ready on: ${quarters.join(' ')} ms.${calm}`
      progress(note)
      return {
        figures: {
          worst: { weir: Math.max(...worstMs.slice(0, FIRST_QUARTERS)) },
          // Longer than the measurement took; the note says so.
          calmAfter: { weir: calmAfter ?? options.seconds * 1000 }
        },
        notes: [note]
      }
    }
  }
}

/** The generator runs the same code before it counts, on a Weir that is thrown away, so that only Weir's code is cold. */
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

/** The worst delivery of each quarter of a second. */
function measure(rate: number, { seconds, share, weir }: ScenarioOptions): Promise<readonly number[]> {
  return withDirectory(async (directory) => {
    const before = ENTRIES * share
    await fill(directory, { entries: before, pending: 0 })
    const server = await startWeir({ ...weir, dataDirectory: directory })
    const client = new HttpClient(server.port)
    try {
      await ready(server.port)
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

async function ready(port: number): Promise<void> {
  const client = new LeanClient(port)
  while ((await client.send('GET', '/readyz')).status !== 200);
  client.close()
}
