import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const MIB = 1024 * 1024

describeInBrowser('the view of a stream', (visit) => {
  it('appends an entry', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    await page.getByRole('button', { name: 'Append an entry' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Stream').fill('orders')
    await dialog.getByLabel('Field', { exact: true }).fill('item')
    await dialog.getByLabel('Value').fill('book & <b>lamp</b>')
    await dialog.getByRole('button', { name: 'Append' }).click()
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByText('book & <b>lamp</b>').waitFor()
    const { entries } = await ask('GET', `${url}/v1/streams/orders/entries`)
    expect(entries).toMatchObject([{ fields: { item: 'book & <b>lamp</b>' } }])
  })

  it('shows new entries while the live tail is on', async () => {
    const { url } = await weirForTest()
    await append(url, '1-0')
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await until(async () => (await readersWaiting(url)) === 1)
    await append(url, '2-0', '3-0')
    await page.getByRole('button', { name: '3-0' }).waitFor()
    expect(await ids(page)).toEqual(['3-0', '2-0'])
    await page.getByText('2 new entries').waitFor()
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await until(async () => (await readersWaiting(url)) === 0)
    await page.getByRole('button', { name: '1-0' }).waitFor()
  })

  it('shows entries that are appended just as the live tail is turned on', async () => {
    const { url } = await weirForTest()
    await append(url, '1-0')
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('button', { name: '1-0' }).waitFor()
    // The requests of the page for the stream wait for the next entry, which is appended after the click.
    let turnOn = (): void => undefined
    const appended = new Promise<void>((resolve) => {
      turnOn = resolve
    }).then(() => append(url, '2-0'))
    await page.route(/\/streams\/orders$/, async (route) => {
      await appended
      await route.continue()
    })
    await page.getByRole('switch', { name: 'Live tail' }).click()
    turnOn()
    await page.getByText('1 new entry').waitFor()
    expect(await ids(page)).toEqual(['2-0'])
  })

  it('shows entries page by page, newest first', async () => {
    const { url } = await weirForTest()
    await append(url, ...Array.from({ length: 120 }, (_, i) => `${i + 1}-0`))
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('button', { name: '120-0' }).waitFor()
    expect(await ids(page)).toHaveLength(50)
    await page.getByRole('button', { name: 'Older' }).click()
    await page.getByRole('button', { name: /^70-0/ }).waitFor()
    await page.getByRole('button', { name: 'Older' }).click()
    await page.getByRole('button', { name: /^20-0/ }).waitFor()
    expect((await ids(page)).at(-1)).toBe('1-0')
    await page.getByRole('button', { name: 'Newer' }).click()
    await page.getByRole('button', { name: /^70-0/ }).waitFor()
    await page.getByRole('button', { name: 'Newest' }).click()
    await page.getByRole('button', { name: '120-0' }).waitFor()
  })

  it('does not move entries while one of them is open', async () => {
    const { url } = await weirForTest()
    await append(url, '1-0')
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('button', { name: '1-0' }).click()
    await append(url, '2-0')
    await page.getByText('There are new entries.').waitFor()
    expect(await ids(page)).toEqual(['1-0'])
    await page.getByRole('button', { name: 'Close 1-0 and show them' }).click()
    await page.getByRole('button', { name: '2-0' }).waitFor()
  })

  it('shows how many entries a trim deletes before it trims the stream', async () => {
    const { url } = await weirForTest()
    await append(url, '1-0', '2-0', '3-0')
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('button', { name: '3-0' }).waitFor()
    await page.getByRole('button', { name: 'Trim…' }).click()
    await page.getByLabel('Entries to keep').fill('1')
    await page.getByText('2 of 3 entries will be permanently deleted.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Trim' }).click()
    await page.getByText('Trimmed 2 entries from orders').waitFor()
    await page.getByRole('button', { name: '1-0' }).waitFor({ state: 'detached' })
    expect(await ask('GET', `${url}/v1/streams/orders`)).toMatchObject({ length: 1, firstId: '3-0' })
  })

  it('deletes the stream only after the user typed its name', async () => {
    const { url } = await weirForTest()
    await append(url, '1-0')
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('button', { name: 'Delete…' }).click()
    const button = page.getByRole('dialog').getByRole('button', { name: 'Delete' })
    expect(await button.isDisabled()).toBe(true)
    await page.getByLabel('Type the name').fill('orders')
    await button.click()
    await page.getByText('No streams yet.').waitFor()
  })

  it('shows the beginning of a long value, and all of it on request', async () => {
    const { url } = await weirForTest()
    const large = `${'x'.repeat(MIB - 3)}END`
    await ask('POST', `${url}/v1/streams/orders/entries`, { entries: [{ id: '1-0', fields: { large } }] })
    const page = await visit(url, '#/streams/orders')
    const row = page.locator('tr', { hasText: '1-0' })
    await row.waitFor()
    expect((await row.textContent())?.length).toBeLessThan(1000)
    await page.getByRole('button', { name: '1-0' }).click()
    expect((await row.textContent())?.length).toBeLessThan(10_000)
    await page.getByRole('button', { name: 'Show all 1,048,576 characters' }).click()
    await page.getByText(/END$/).waitFor()
  })
})

async function append(url: string, ...all: string[]): Promise<void> {
  const entries = all.map((id) => ({ id, fields: { order: id } }))
  await ask('POST', `${url}/v1/streams/orders/entries`, { entries })
}

function ids(page: Page): Promise<string[]> {
  return page.locator('.entries .of-id').allTextContents()
}
