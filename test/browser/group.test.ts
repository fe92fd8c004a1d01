import { expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const ROUTE = '#/streams/orders/groups/billing'

describeInBrowser('the view of a group', (visit) => {
  it('shows the pending entries of each consumer', async () => {
    const { url } = await orders()
    const page = await visit(url, ROUTE)
    const consumers = page.getByRole('region', { name: 'Consumers' })
    await consumers.getByRole('row', { name: /^ann 3/ }).waitFor()
    await consumers.getByRole('row', { name: /^bob 1/ }).waitFor()
    const columns = await consumers.getByRole('columnheader').allTextContents()
    expect(columns).toEqual(['Name', 'Pending', 'Last seen', 'Last delivery', 'Actions'])
    const pending = page.getByRole('region', { name: 'Pending' })
    const ids = () => pending.locator('tbody .of-id').allTextContents()
    await expect.poll(ids).toEqual(['1-0', '2-0', '3-0', '4-0'])
    await pending.getByLabel('Filter by consumer').selectOption('bob')
    await expect.poll(ids).toEqual(['4-0'])
    await pending.getByLabel('Filter by consumer').selectOption('all consumers')
    await pending.getByLabel('Filter by idle time').selectOption('idle for at least 1 h')
    await page.getByText('No pending entries match the filters.').waitFor()
  })

  it('shows the first 1,000 consumers and how many the group has', async () => {
    const { url, group } = await orders()
    for (let n = 0; n < 1100; n += 100) {
      const made = Array.from({ length: 100 }, (_, i) => ask('PUT', `${group}/consumers/worker-${n + i}`))
      await Promise.all(made)
    }
    const page = await visit(url, ROUTE)
    const consumers = page.getByRole('region', { name: 'Consumers' })
    await consumers.getByText('Showing the first 1,000 of 1,102 consumers.').waitFor()
    await consumers.getByRole('row', { name: /^ann 3/ }).waitFor()
    expect(await consumers.locator('tbody tr').count()).toBe(1000)
  })

  it('shows the longest idle time of all pending entries, not that of the first one', async () => {
    const { url, group } = await orders()
    await ask('POST', `${group}/claim`, { consumer: 'bob', ids: ['4-0'], idleMs: 7_200_000 })
    const page = await visit(url, ROUTE)
    const oldest = page.locator('.stat', { hasText: 'Oldest pending' })
    await oldest.getByText('2 h', { exact: true }).waitFor()
    await ask('POST', `${group}/ack`, { ids: ['1-0', '2-0', '3-0', '4-0'] })
    await oldest.getByText('none').waitFor()
  })

  it('shows the consequences of an ack before it acks the selected entries', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByLabel('Select 1-0').check()
    await page.getByLabel('Select 4-0').check()
    await page.getByRole('button', { name: 'Ack…', exact: true }).click()
    await page.getByText('Unfinished work is lost.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Ack 2 entries' }).click()
    await page.getByText('Acked 2 entries').waitFor()
    await page.getByLabel('Select 1-0').waitFor({ state: 'detached' })
    expect(await pendingIds(group)).toEqual(['2-0 ann', '3-0 ann'])
  })

  it('claims the selected entries for a consumer', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByLabel('Select 2-0').check()
    await page.getByRole('button', { name: 'Claim…' }).click()
    await page.getByRole('dialog').getByLabel('Consumer').fill('cleo')
    await page.getByRole('dialog').getByRole('button', { name: 'Claim' }).click()
    await page.getByText('cleo claimed 1 entry').waitFor()
    await page.getByRole('row', { name: /2-0 cleo/ }).waitFor()
    expect(await pendingIds(group)).toEqual(['1-0 ann', '2-0 cleo', '3-0 ann', '4-0 bob'])
  })

  it('hands over the pending entries of a consumer before it deletes the consumer', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByRole('button', { name: 'Delete… ann' }).click()
    await page.getByText('ann has 3 pending entries').waitFor()
    await page.getByRole('button', { name: 'Hand over and delete' }).click()
    await page.getByRole('button', { name: 'Delete… ann' }).waitFor({ state: 'detached' })
    expect(await pendingIds(group)).toEqual(['1-0 bob', '2-0 bob', '3-0 bob', '4-0 bob'])
  })

  it('drops the pending entries of a consumer only if the user chooses to', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByRole('button', { name: 'Delete… ann' }).click()
    await page.getByLabel('Drop them.').check()
    await page.getByText('3 entries will never be delivered again.').waitFor()
    await page.getByRole('button', { name: 'Drop 3 entries and delete' }).click()
    await page.getByRole('button', { name: 'Delete… ann' }).waitFor({ state: 'detached' })
    expect(await pendingIds(group)).toEqual(['4-0 bob'])
  })

  it('shows what will be lost before it deletes the group and its pending entries', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByRole('button', { name: 'Delete… ann' }).waitFor()
    await page.getByRole('button', { name: 'Delete…', exact: true }).click()
    await page.getByText('Unfinished work on pending entries is lost.').waitFor()
    await page.getByRole('button', { name: 'Drop 4 entries and delete' }).click()
    await page.getByText('Deleted group billing').waitFor()
    await expect(ask('GET', group)).rejects.toThrow()
  })

  it('shows which entries a move skips before it moves the group', async () => {
    const { url, group } = await orders()
    await ask('POST', `${url}/v1/streams/orders/entries`, {
      entries: [{ id: '5-0', fields: { order: '5' } }]
    })
    const page = await visit(url, ROUTE)
    await page.getByText('not yet delivered').waitFor()
    await page.getByRole('button', { name: 'Move…' }).click()
    await page.getByLabel('the next entry that is appended').check()
    await page.getByText('1 entry not yet delivered will be skipped').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
    await page.getByText('billing continues after 5-0').waitFor()
    expect(await ask('GET', group)).toMatchObject({ lastDeliveredId: '5-0', lag: 0 })
  })

  it('keeps a dialog open and shows why its action failed', async () => {
    const { url } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByText('not yet delivered').waitFor()
    await page.getByRole('button', { name: 'Move…' }).click()
    await page.getByLabel('the first entry after an id').check()
    await page.getByLabel('Id', { exact: true }).fill('nonsense')
    await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
    await page.getByRole('alert').getByText('"nonsense" is not a valid id').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // The focus returns to where it was.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Move…')
  })

  it('shows that the group does not exist, until it is created', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, ROUTE)
    await page.getByText('The group “billing” of stream “orders” does not exist.').waitFor()
    await ask('PUT', `${url}/v1/streams/orders/groups/billing`, { createStream: true })
    await page.getByText('This group has no consumers.').waitFor()
  })
})

/** Four pending entries: three of ann and one of bob. */
async function orders() {
  const { url } = await weirForTest()
  const stream = `${url}/v1/streams/orders`
  const group = `${stream}/groups/billing`
  const entries = ['1-0', '2-0', '3-0', '4-0'].map((id) => ({ id, fields: { order: id } }))
  await ask('POST', `${stream}/entries`, { entries })
  await ask('PUT', group)
  await ask('POST', `${group}/read`, { consumer: 'ann', count: 3 })
  await ask('POST', `${group}/read`, { consumer: 'bob', count: 1 })
  return { url, group }
}

async function pendingIds(group: string): Promise<string[]> {
  const { pending } = await ask('GET', `${group}/pending`)
  return pending.map(({ id, consumer }: { id: string; consumer: string }) => `${id} ${consumer}`)
}
