import { clientOf } from '../clients/client-of.ts'
import type { Contender } from '../contender.ts'
import { allDone } from '../orders.ts'
import { watchProcessors } from '../processor-time.ts'
import { count } from '../results/table.ts'
import { type Figures, progress, type ScenarioOptions } from '../scenario.ts'
import { startContender } from '../server.ts'
import { verify } from '../verify.ts'
import { startDirectFlow } from './direct-flow.ts'
import { type Done, type Flow, PRODUCERS, type Work } from './flow.ts'
import { httpFlow } from './http-flow.ts'

/** Measures the entries a second through append, read and ack in batches of one size, for all contenders. */
export async function measureFlows(batch: number, options: ScenarioOptions) {
  const perSecond: Figures = {}
  const notes: string[] = []
  for (const contender of options.contenders) {
    const { entriesPerSecond, note } = await measureFlow(contender, batch, options)
    perSecond[contender] = entriesPerSecond
    notes.push(note)
  }
  return { perSecond, notes }
}

/** Measures one contender. The note shows how busy each program kept the processors. */
async function measureFlow(
  contender: Contender,
  batch: number,
  { seconds, warmUpSeconds, weir }: ScenarioOptions
): Promise<{ entriesPerSecond: number; note: string }> {
  const label = `${contender}, batches of ${batch}`
  progress(`${label} …`)
  const server = await startContender(contender, weir)
  const client = clientOf(contender, server)
  let flow: Flow | undefined
  try {
    if (contender !== 'floor') await client.open()
    flow = contender === 'direct' ? await startDirectFlow(server.port, weir.node) : httpFlow(client)
    const warmUp = await runFor(flow, batch, warmUpSeconds)
    const perSecond = warmUp.lastPerSecond
    const processors = watchProcessors(server.pids, flow.pids)
    const batches = Math.max(1, Math.ceil((perSecond * seconds) / batch / PRODUCERS)) * PRODUCERS
    const done = await flow.run({ batches, batch })
    const entriesPerSecond = done.acked / done.seconds
    const note = `${label}: ${count(entriesPerSecond)} entries/s; ${processors()}`
    progress(note)
    // The floor keeps nothing that could be counted, and always has entries to read.
    if (contender !== 'floor') {
      mustBeDone({ batches, batch }, done)
      const all = allDone(warmUp.entries + done.appended)
      verify('the stream has all entries, and none is pending.', await client.counts(), all)
    }
    return { entriesPerSecond, note }
  } finally {
    flow?.close()
    client.close()
    await server.stop()
  }
}

/** Runs the flow with more and more batches until this time has passed. Returns the speed of the last round. */
async function runFor(flow: Flow, batch: number, seconds: number) {
  let entries = 0
  let lastPerSecond = 0
  const endAt = performance.now() + seconds * 1000
  for (let batches = PRODUCERS; entries === 0 || performance.now() < endAt; batches *= 2) {
    const done = await flow.run({ batches, batch })
    entries += done.appended
    lastPerSecond = done.acked / done.seconds
  }
  return { entries, lastPerSecond }
}

/** Throws unless every entry of the work was appended, delivered once and acked. */
export function mustBeDone({ batches, batch }: Work, { appended, delivered, acked }: Done): void {
  const all = batches * batch
  const sentence = 'every entry was appended, delivered once and acked.'
  verify(sentence, { appended, delivered, acked }, { appended: all, delivered: all, acked: all })
}
