import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

/** With SCREENSHOTS=1, the pictures of the documents are taken again, once the charts have lines. */
const ARE_KEPT = process.env['SCREENSHOTS'] === '1'
const RUN_MS = ARE_KEPT ? 75_000 : 1500
const DIRECTORY = fileURLToPath(new URL('./screenshots/', import.meta.url))
const VIEWS = ['overview', 'group', 'balance', 'docs'] as const

describe('the pictures of docs/console.md', () => {
  it('show the three main views and the page of the API, light and dark', () => {
    const page = readFileSync(new URL('../../docs/console.md', import.meta.url), 'utf8')
    const shown = [...page.matchAll(/"\.\.\/(test\/browser\/screenshots\/.*?)"/g)].map(
      ([, path = '']) => path
    )
    const all = VIEWS.flatMap((view) =>
      ['dark', 'light'].map((scheme) => `test/browser/screenshots/${view}-${scheme}.png`)
    )
    expect(shown).toEqual(all)
    for (const path of all) expect(isPng(readFileSync(new URL(`../../${path}`, import.meta.url)))).toBe(true)
  })
})

describeInBrowser('a screenshot', (visit) => {
  it('can be taken of the overview', async () => {
    const { url } = await shop()
    const page = await visit(url, '#/', { viewport: { width: 1280, height: 800 } })
    await page.getByRole('link', { name: 'orders', exact: true }).waitFor()
    await page.waitForTimeout(RUN_MS)
    await take(page, 'overview')
  })

  it('can be taken of the view of a group', async () => {
    const { url } = await shop()
    const page = await visit(url, '#/streams/orders/groups/billing', {
      viewport: { width: 1280, height: 1060 }
    })
    await page.getByText('not yet delivered').waitFor()
    await page.waitForTimeout(RUN_MS)
    await take(page, 'group')
  })

  it('can be taken of the balance view', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance', { viewport: { width: 1280, height: 1060 } })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: 'Add worker' }).click()
    await page.getByLabel('Batch size').selectOption('100')
    await page.getByLabel('Entries appended per second, as a number').fill('1000')
    await page.waitForTimeout(RUN_MS / 2)
    await page.getByRole('button', { name: 'Slow bob' }).click()
    await page.getByRole('button', { name: 'Kill cleo' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    await page.waitForTimeout(RUN_MS / 2)
    await page.evaluate('scrollTo(0, 0)')
    await take(page, 'balance')
  })

  it('can be taken of the page of the API', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/appendEntries', { at: 'docs', viewport: { width: 1280, height: 1060 } })
    const body = { entries: [{ fields: { order: '1001', total: '49.90' } }] }
    await page.getByLabel('Body', { exact: true }).fill(JSON.stringify(body, null, 2))
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.locator('.answer .status').getByText('201').waitFor()
    await take(page, 'docs')
  })
})

/** Takes a screenshot of a view in both themes and checks it. Writes it to its file only if `ARE_KEPT`. */
async function take(page: Page, view: (typeof VIEWS)[number]): Promise<void> {
  mkdirSync(DIRECTORY, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`:root[data-theme="${colorScheme}"]`).waitFor()
    const png = await page.screenshot(ARE_KEPT ? { path: `${DIRECTORY}${view}-${colorScheme}.png` } : {})
    expect(isPng(png)).toBe(true)
  }
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(1, 4).toString() === 'PNG'
}

/** A shop at work: streams that grow, and a group whose workers ack almost all of their entries. */
async function shop() {
  const { url } = await weirForTest()
  const v1 = `${url}/v1/streams`
  const append = (stream: string, count: number, fields: object) =>
    ask('POST', `${v1}/${encodeURIComponent(stream)}/entries`, {
      entries: Array.from({ length: count }, () => ({ fields }))
    })
  const names = [
    'audit/2026',
    'clicks',
    'emails',
    'invoices',
    'orders',
    'orders/returns',
    'payments',
    'shipments',
    'stock 📦'
  ]
  for (const [index, name] of names.entries()) await append(name, 40 + 97 * index, { order: '1001' })
  for (const group of ['billing', 'shipping']) await ask('PUT', `${v1}/orders/groups/${group}`)
  await ask('PUT', `${v1}/payments/groups/ledger`)
  let turn = 0
  const work = async () => {
    turn++
    await append('orders', 8 + Math.round(5 * Math.sin(turn / 17)), {
      order: `${1000 + turn}`,
      item: 'book',
      total: '12.50'
    })
    if (turn % 2 === 0) await append('clicks', 12, { page: '/books', visitor: `${turn % 91}` })
    if (turn % 5 === 0) await append('payments', 2, { amount: '12.50', currency: 'EUR' })
    const consumer = ['ann', 'bob', 'ann', 'cleo'][turn % 4]
    const { entries } = await ask('POST', `${v1}/orders/groups/billing/read`, {
      consumer,
      count: turn % 61 < 40 ? 60 : 6
    })
    const ids = entries.map(({ id }: { id: string }) => id)
    const done = turn % 23 === 0 ? ids.slice(3) : ids
    if (done.length > 0) await ask('POST', `${v1}/orders/groups/billing/ack`, { ids: done })
  }
  let running: Promise<void> = Promise.resolve()
  const working = setInterval(() => {
    running = running.then(work)
  }, 100)
  onTestFinished(async () => {
    clearInterval(working)
    await running
  })
  return { url }
}
