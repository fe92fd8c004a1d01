import { expect, it, onTestFinished } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { startWeir, temporaryDirectory, type Weir } from '../support/weir.ts'
import { workerForTest } from './worker-process.ts'
import { order, workplaceForTest } from './workplace.ts'

const ORDERS = 30

/** What a worker does when Weir is killed, or stopped, and started again on the same port and data directory. */
export function testRestarts(language: LanguageName): void {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'works on after Weir was ended with %s and started again',
    async (signal) => {
      const first = await weirIn({ WEIR_DATA_DIR: await temporaryDirectory() })
      const place = await workplaceForTest(first.weir)
      const settings = { ...place.settings, WEIR_URL: first.weir.url, ACK_TIMEOUT_MS: '3000' }
      await place.createGroup({ ackTimeoutMs: 3000 })
      const ids = await place.append(...Array.from({ length: ORDERS }, (_, n) => order(n, 50)))
      const worker = workerForTest(language, settings)
      await worker.processed(5)
      await first.weir.stop(signal)
      await worker.until(async () => worker.log.length > 0)
      await weirIn({ ...first.environment, WEIR_PORT: `${first.weir.port}` })
      await worker.until(async () => new Set(worker.ids).size === ORDERS)
      await worker.until(async () => (await place.pendingIds()).length === 0)
      expect(worker.ids.toSorted()).toEqual(ids.toSorted())
      expect(await worker.stop()).toBe(0)
      expect(await place.consumers()).toEqual([])
    }
  )
}

async function weirIn(
  environment: Readonly<Record<string, string>>
): Promise<{ weir: Weir; environment: Readonly<Record<string, string>> }> {
  const weir = await startWeir(environment)
  onTestFinished(async () => void (await weir.stop('SIGKILL')))
  return { weir, environment }
}
