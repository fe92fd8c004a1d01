import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory, weirForTest } from '../support/weir.ts'
import { type WorkerProcess, workerForTest } from './worker-process.ts'

const TOKENS = tokensFor({
  worker: ['consume:orders', 'append:orders', 'manage:orders'],
  stranger: ['read:orders'],
  owner: ['admin']
})

/** What a worker does at a Weir that needs tokens, and that limits their rate. */
export function testTokens(language: LanguageName): void {
  describe('at a Weir with tokens', () => {
    it('sends its token', async () => {
      const { worker, append } = await start('worker')
      const ids = await append()
      await worker.processed(1)
      expect(worker.ids).toEqual(ids)
      expect(await worker.stop()).toBe(0)
    })

    it.each([
      ['without one', undefined, /^unauthenticated: .+ \(request .+\)$/],
      ['with one that does not allow it', 'stranger', /^forbidden: .+ \(request .+\)$/]
    ])('stops %s, and says why', async (_, name, said) => {
      const { worker } = await start(name)
      expect(await worker.exited).toBe(1)
      expect(worker.log).toEqual([expect.stringMatching(said)])
    })

    it('slows down to the rate of its token', async () => {
      const { worker, append } = await start('worker', { WEIR_MAX_RATE: '1' })
      const ids = await append(8)
      await worker.processed(8)
      expect(worker.ids).toEqual(ids)
      expect(worker.log.some((line) => line.includes('rate-limited'))).toBe(true)
    })
  })

  async function start(token: string | undefined, environment: Readonly<Record<string, string>> = {}) {
    const file = join(await temporaryDirectory(), 'tokens.json')
    await writeFile(file, TOKENS.file)
    const { url } = await weirForTest({ WEIR_TOKENS_FILE: file, ...environment })
    const secret = token === undefined ? {} : { WEIR_TOKEN: secretOf(token) }
    const worker: WorkerProcess = workerForTest(language, {
      ...{ WEIR_URL: url, STREAM: 'orders', GROUP: 'billing', CONSUMER: 'ann' },
      ...secret
    })
    return { worker, append: (count = 1) => append(worker, url, count) }
  }
}

function secretOf(name: string): string {
  return TOKENS.headers(name).authorization.replace('Bearer ', '')
}

/** Appends entries as the owner of the server, as soon as the worker has created the stream. Resolves with their ids. */
async function append(worker: WorkerProcess, url: string, count: number): Promise<string[]> {
  const entries = Array.from({ length: count }, (_, n) => ({ fields: { order: `${n}`, total: '1.00' } }))
  return worker.until(async () => {
    const response = await fetch(`${url}/v1/streams/orders/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...TOKENS.headers('owner') },
      body: JSON.stringify({ entries, createStream: false })
    })
    return response.ok && ((await response.json()) as { ids: string[] }).ids
  })
}
