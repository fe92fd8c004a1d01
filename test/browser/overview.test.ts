import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { Connection } from '../support/connection.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const NAMES = [
  'orders',
  'orders/eu 🧾',
  '<b>bold</b>',
  '50% off?',
  '#1',
  '"quoted" \'n\' more',
  'a'.repeat(256)
]

describeInBrowser('the overview', (visit) => {
  it('shows a command that creates the first stream, and then the stream', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    const command = (await page.locator('.command pre').textContent()) ?? ''
    expect(command).toContain(`${url}/v1/streams/orders/entries`)
    await promisify(execFile)('bash', ['-euc', command])
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByText('12.50').waitFor()
  })

  it('shows the length, size, rate and groups of each stream', async () => {
    const { url } = await weirForTest()
    await append(url, 'orders', 3)
    await ask('PUT', `${url}/v1/streams/orders/groups/billing`)
    const page = await visit(url)
    const row = page.getByRole('row', { name: /orders/ })
    await row.getByRole('cell', { name: /^0$/ }).waitFor()
    await expect
      .poll(() => row.getByRole('cell').allTextContents())
      .toMatchObject(['3', '39 B', '0', '1', expect.anything()])
    let running: Promise<void> = Promise.resolve()
    const appending = setInterval(() => {
      running = running.then(() => append(url, 'orders', 1))
    }, 50)
    try {
      await page.locator('.of-rate:not([data-zero="true"])', { hasText: /^[1-9]/ }).waitFor()
    } finally {
      clearInterval(appending)
      await running
    }
  })

  it('sorts by any column in both directions, and filters by prefix', async () => {
    const { url } = await weirForTest()
    for (const [name, count] of [
      ['b', 1],
      ['a', 3],
      ['ab', 2]
    ] as const)
      await append(url, name, count)
    const page = await visit(url)
    const names = () => page.locator('tbody th').allTextContents()
    await page.getByRole('link', { name: 'ab' }).waitFor()
    expect(await names()).toEqual(['a', 'ab', 'b'])
    await page.getByRole('button', { name: 'Entries' }).click()
    expect(await names()).toEqual(['a', 'ab', 'b'])
    await page.getByRole('button', { name: 'Entries' }).click()
    expect(await names()).toEqual(['b', 'ab', 'a'])
    await page.getByRole('button', { name: 'Name' }).click()
    await page.getByRole('button', { name: 'Size' }).click()
    expect(await names()).toEqual(['a', 'ab', 'b'])
    await page.getByRole('button', { name: 'Name' }).click()
    await page.getByRole('button', { name: 'Name' }).click()
    expect(await names()).toEqual(['b', 'ab', 'a'])
    await page.getByRole('searchbox').fill('a')
    await page.getByText('2 of 3').waitFor()
    expect(await names()).toEqual(['ab', 'a'])
  })

  it('shows special characters in names as text, and links to the streams', async () => {
    const { url } = await weirForTest()
    for (const name of NAMES) {
      await append(url, name, 1)
      await ask('PUT', `${url}/v1/streams/${encodeURIComponent(name)}/groups/${encodeURIComponent(name)}`)
    }
    const page = await visit(url)
    for (const name of NAMES) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      await page.getByText('order 1').waitFor()
      await page.locator('tbody').getByRole('link', { name, exact: true }).click()
      await page.getByText('not yet delivered').waitFor()
      await page.reload()
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      await page.getByRole('link', { name: 'Streams', exact: true }).first().click()
    }
    expect(await page.locator('b', { hasText: 'bold' }).count()).toBe(0)
  })

  it('shows how to request names that are dot segments, and requests no other path', async () => {
    const { url } = await weirForTest()
    const connection = new Connection(url)
    for (const path of ['.', '..', '../groups/billing', 'orders/groups/..'].map(
      (name) => `/v1/streams/${name}`
    )) {
      connection.request('PUT', path, path.includes('groups') ? { createStream: true } : {})
      expect((await connection.answer())?.status).toBe(200)
    }
    connection.socket.destroy()
    const page = await visit(url)
    for (const name of ['.', '..']) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      await page.getByText('A browser cannot request this name.').waitFor()
      expect(await runCommand(page)).toMatchObject({ name, length: 0 })
      await page.getByRole('link', { name: 'Streams', exact: true }).first().click()
    }
    await page.getByRole('link', { name: 'orders', exact: true }).click()
    await page.getByRole('link', { name: '..', exact: true }).click()
    await page.getByText('A browser cannot request this name.').waitFor()
    expect(await runCommand(page)).toMatchObject({ name: '..', pending: 0 })

    await page.getByRole('link', { name: 'Streams', exact: true }).first().click()
    await page.getByRole('button', { name: 'Append an entry' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Stream').fill('..')
    await dialog.getByLabel('Field', { exact: true }).fill('item')
    await dialog.getByRole('button', { name: 'Append' }).click()
    await dialog.getByText('A browser cannot request the name “..”').waitFor()
  })

  it('renders only the visible rows of a thousand streams', async () => {
    const { url } = await weirForTest({ WEIR_FSYNC: 'never' })
    const names = Array.from({ length: 1000 }, (_, i) => `tenant-${`${i}`.padStart(3, '0')}`)
    for (const name of names) await ask('PUT', `${url}/v1/streams/${name}`, {})
    const page = await visit(url)
    await page.getByText('1,000 streams').waitFor()
    const rows = page.locator('tbody tr')
    expect(await rows.count()).toBeLessThan(100)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.getByRole('link', { name: 'tenant-999' }).waitFor()
    expect(await rows.count()).toBeLessThan(100)
    await page.evaluate('scrollTo(0, 0)')
    await page.getByRole('button', { name: 'Name' }).click()
    await page.getByRole('link', { name: 'tenant-999' }).waitFor()

    // Only printed. The test does not depend on the time.
    const ms = await page.evaluate(`new Promise((resolve) => {
      const input = document.querySelector('input[type=search]')
      const began = performance.now()
      input.value = 'tenant-5'
      input.dispatchEvent(new Event('input', { bubbles: true }))
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
    })`)
    await page.getByText('100 of 1,000').waitFor()
    console.log(`1,000 streams: filtered and rendered in ${Math.round(ms as number)} ms`)
  })
})

/** Runs the command that the page shows, and returns its response. */
async function runCommand(page: Page): Promise<unknown> {
  const command = (await page.locator('.command pre').textContent()) ?? ''
  return JSON.parse((await promisify(execFile)('bash', ['-euc', `${command} -s`])).stdout)
}

async function append(url: string, stream: string, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => ({ fields: { order: `${i + 1}` } }))
  await ask('POST', `${url}/v1/streams/${encodeURIComponent(stream)}/entries`, { entries })
}
