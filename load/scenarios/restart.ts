import { LeanClient } from '../clients/lean-client.ts'
import { fill, type Size } from '../fill.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { withDirectory } from '../program.ts'
import { requestJson } from '../request-json.ts'
import { count } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startWeir, type WeirOptions } from '../server.ts'
import { verify } from '../verify.ts'

const LARGE: Size = { entries: 10_000_000, pending: 100_000 }
const MANY_PENDING: Size = { entries: 1_000_000, pending: 1_000_000 }
const FEW_PENDING: Size = { entries: 1_000_000, pending: 1000 }
/** The entries appended before the kill, which only the journal holds: about as many as it ever does. */
const UNSAVED = 150_000
const BATCH = 1000
const CONCURRENCY = 4

/** Fills directories, starts Weir on them, kills it with SIGKILL after some appends, and measures the next start. */
export const restart: Scenario = {
  name: 'restart',
  about: `duration of a start after kill -9, with ${count(LARGE.entries)} entries and with fewer`,
  defaultSeconds: 1,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: {
    large: {
      question: `L8 start after kill -9, ${sizeOf(LARGE)}, ${count(UNSAVED)} entries only in the journal: ms until ready`,
      show: count,
      value: { atMost: 2000 }
    },
    fewPending: { question: `${sizeOf(FEW_PENDING)}, ms`, show: count },
    manyPending: { question: `${sizeOf(MANY_PENDING)}, ms`, show: count },
    empty: { question: 'an empty directory, ms', show: count }
  },
  async measure({ share, weir }) {
    const scaled = ({ entries, pending }: Size) => ({ entries: entries * share, pending: pending * share })
    const { server, tookMs } = await timedStart(weir)
    await server.kill()
    return {
      figures: {
        large: { weir: await restartFull(scaled(LARGE), UNSAVED, weir) },
        fewPending: { weir: await restartFull(scaled(FEW_PENDING), 0, weir) },
        manyPending: { weir: await restartFull(scaled(MANY_PENDING), 0, weir) },
        empty: { weir: tookMs }
      }
    }
  }
}

function sizeOf({ entries, pending }: Size): string {
  return `${count(entries)} entries, ${count(pending)} pending`
}

/** Returns how long Weir takes to start on the directory of a Weir that was killed. */
function restartFull(size: Size, unsaved: number, weir: WeirOptions): Promise<number> {
  return withDirectory(async (directory) => {
    await fill(directory, size)
    const options = { ...weir, dataDirectory: directory }
    // `fill` closed the directory properly, so this first start does not count.
    const first = await timedStart(options)
    const producer = new LeanClient(first.server.port)
    await append(producer, unsaved)
    producer.close()
    await first.server.kill()

    const { server, tookMs } = await timedStart(options)
    progress(`${sizeOf(size)}: ready in ${count(tookMs)} ms`)
    const client = new LeanClient(server.port)
    try {
      const { length } = await requestJson(client, 'GET', STREAM_PATH)
      const { pending } = await requestJson(client, 'GET', GROUP_PATH)
      const expected = { length: size.entries + unsaved, pending: size.pending }
      verify('the start recovered everything.', { length, pending }, expected)
      return tookMs
    } finally {
      client.close()
      await server.stop()
    }
  })
}

/** Starts Weir. Returns the time until the first 200 of /readyz. */
async function timedStart(options: WeirOptions) {
  const startedAt = performance.now()
  const server = await startWeir(options)
  const client = new LeanClient(server.port)
  while ((await client.send('GET', '/readyz')).status !== 200);
  const tookMs = performance.now() - startedAt
  client.close()
  return { server, tookMs }
}

async function append(client: LeanClient, entries: number): Promise<void> {
  const body = appendBody(0, BATCH)
  let left = entries / BATCH
  const send = async (): Promise<void> => {
    while (left-- > 0) await requestJson(client, 'POST', `${STREAM_PATH}/entries`, body)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, send))
}
