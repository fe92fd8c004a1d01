import { describe, expect, it, onTestFinished } from 'vitest'
import { CheckpointWatch } from '../../load/checkpoint-watch.ts'
import { fieldsOf } from '../../load/orders.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { Checkpoint } from '../../src/embedded/store/checkpoints.ts'
import { buildServer } from '../../src/http/server.ts'
import { createMetrics } from '../../src/metrics.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('a checkpoint watch', () => {
  it('reports when a server made a checkpoint, and how long it took', async () => {
    let onCheckpoint = (_: Checkpoint): void => undefined
    const checkpointed = new Promise<Checkpoint>((resolve) => {
      onCheckpoint = resolve
    })
    const directory = await temporaryDirectory()
    const engine = await openEmbeddedEngine({
      directory,
      fsync: 'never',
      maxWaiting: 0,
      everyMs: 1,
      onCheckpoint
    })
    const server = await buildServer({
      engine,
      metrics: createMetrics(),
      logger: false,
      bodyLimitBytes: 1024,
      maxWaitMs: 0
    })
    onTestFinished(async () => {
      await server.close()
      await engine.close()
    })
    const watch = new CheckpointWatch(
      Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port)
    )
    const before = Date.now()
    const entries = [{ fields: Buffer.from(fieldsOf(0)) }]
    await engine.appendEntries({ stream: 'orders', entries, createStream: true })
    const { seconds } = await checkpointed
    const spans = await watch.stop()
    expect(spans).toHaveLength(1)
    const [{ from, to } = { from: 0, to: 0 }] = spans
    expect(to - from).toBeCloseTo(1000 * seconds)
    expect(to).toBeGreaterThanOrEqual(before)
    expect(to).toBeLessThanOrEqual(Date.now())
  })
})
