import { agree, ask } from '../ask.ts'
import { fieldsOf, fill, GROUP_PATH, type Size, STREAM_PATH } from '../fill.ts'
import { LeanClient } from '../lean-client.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startWeir, withDirectory } from '../server.ts'
import { count, printTable } from '../table.ts'

const LARGE: Size = { entries: 10_000_000, pending: 100_000 }
const MANY_PENDING: Size = { entries: 1_000_000, pending: 1_000_000 }
const FEW_PENDING: Size = { entries: 1_000_000, pending: 1000 }
/** Appended before each kill, so that the journal has more than the store: about as much as it ever has. */
const UNSAVED = 150_000
const BATCH = 1000
const AT_A_TIME = 4

/** What is restarted, and how long it took each time, from the spawn to the first 200 of /readyz. */
interface Case {
  readonly what: string
  readonly readyMs: number[]
}

/** Fills directories, starts Weir on them, kills it with SIGKILL after some appends, and starts it again. */
export const restart: Scenario = {
  name: 'restart',
  about: `How long a start takes after kill -9, with ${count(LARGE.entries)} entries and ${count(LARGE.pending)} pending (at most 2 s), and otherwise`,
  defaultSeconds: 1,
  async run({ runs, share }) {
    const scaled = ({ entries, pending }: Size) => ({ entries: entries * share, pending: pending * share })
    const cases: Case[] = [await restartEmpty(runs)]
    const agreed: boolean[] = []
    for (const [size, unsaved] of [
      [scaled(LARGE), UNSAVED],
      [scaled(FEW_PENDING), 0],
      [scaled(MANY_PENDING), 0]
    ] as const) {
      const tried = await restartFull(size, unsaved, runs)
      cases.push(tried)
      agreed.push(tried.agreed)
    }
    print(cases)
    return agreed.every(Boolean)
  }
}

async function restartEmpty(runs: number): Promise<Case> {
  const readyMs: number[] = []
  for (let run = 0; run < runs; run++) {
    const { server, tookMs } = await timedStart()
    await server.kill()
    readyMs.push(tookMs)
  }
  return { what: 'an empty directory', readyMs }
}

function restartFull(size: Size, unsaved: number, runs: number): Promise<Case & { agreed: boolean }> {
  return withDirectory(async (directory) => {
    await fill(directory, size)
    const readyMs: number[] = []
    const found: object[] = []
    const expected: object[] = []
    // The first start follows an orderly end.
    for (let run = 0; run <= runs; run++) {
      const { server, tookMs } = await timedStart(directory)
      const client = new LeanClient(server.port)
      const { length } = await ask(client, 'GET', STREAM_PATH)
      const { pending } = await ask(client, 'GET', GROUP_PATH)
      found.push({ length, pending })
      expected.push({ length: size.entries + run * unsaved, pending: size.pending })
      if (run > 0) {
        readyMs.push(tookMs)
        progress(`ready in ${count(tookMs)} ms`)
      }
      await append(client, unsaved)
      client.close()
      await server.kill()
    }
    const what = `${count(size.entries)} entries, ${count(size.pending)} pending, ${count(unsaved)} entries in the journal alone`
    return { what, readyMs, agreed: agree(`${what}: each start found all of it.`, found, expected) }
  })
}

/** A start from its spawn to the first time that it says it is ready. */
async function timedStart(directory?: string) {
  const startedAt = performance.now()
  const server = await startWeir(directory)
  const client = new LeanClient(server.port)
  while ((await client.send('GET', '/readyz')).status !== 200);
  const tookMs = performance.now() - startedAt
  client.close()
  return { server, tookMs }
}

async function append(client: LeanClient, entries: number): Promise<void> {
  const batch = Array.from({ length: BATCH }, (_, i) => `{"fields":${fieldsOf(i)}}`).join()
  let left = entries / BATCH
  const send = async (): Promise<void> => {
    while (left-- > 0) await ask(client, 'POST', `${STREAM_PATH}/entries`, `{"entries":[${batch}]}`)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, send))
}

function print(cases: Case[]): void {
  const rows = cases.map(({ what, readyMs }) => {
    const sorted = readyMs.toSorted((a, b) => a - b)
    return [what, count(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN), count(sorted.at(-1) ?? 0)]
  })
  printTable(restart.about, ['ms until ready', 'median', 'max'], rows)
}
