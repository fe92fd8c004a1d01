import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { expectNoViolations } from '../support/accessibility.ts'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const ROUTE = '#/streams/orders/groups/billing'
const HOUR = 3_600_000

describeInBrowser('the delivery policy of a group', (visit) => {
  it('is set, changed and removed, and shown in words', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    const panel = page.getByRole('region', { name: 'Delivery policy' })
    await panel.getByText('This group has no delivery policy.').waitFor()

    await fillPolicy(page, 'Set a policy…', {
      'Time to ack': '1 min 30 s',
      'Maximum deliveries': '5',
      'Retry delays': '500 ms, 1 h'
    })
    await panel.getByText('A worker has 1 min 30 s to ack an entry.').waitFor()
    await panel.getByText('An entry is dead after 5 failed deliveries.').waitFor()
    await panel.getByText('500 ms, then 1 h after each nack.').waitFor()
    expect((await ask('GET', group)).delivery).toEqual({
      ackTimeoutMs: 90_000,
      maxDeliveries: 5,
      retryDelaysMs: [500, HOUR]
    })

    await fillPolicy(page, 'Change policy…', { 'Maximum deliveries': '', 'Time to ack': '12 h' })
    await panel.getByText('A worker has 12 h to ack an entry.').waitFor()
    expect(await panel.getByText('failed deliveries').count()).toBe(0)

    await panel.getByRole('button', { name: 'Change policy…' }).click()
    await page.getByLabel('Remove it').check()
    await page.getByText('Nothing is lost.').waitFor()
    await page.getByRole('button', { name: 'Remove the policy' }).click()
    await panel.getByText('This group has no delivery policy.').waitFor()
    expect((await ask('GET', group)).delivery).toBeNull()
  })

  it('is refused at the fields that are wrong', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await fillPolicy(page, 'Set a policy…', { 'Time to ack': '30' })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('"30" is not a duration').waitFor()
    await dialog.getByLabel('Time to ack').fill('1 ms')
    await dialog.getByLabel('Retry delays').fill('1 s, 25 h')
    await dialog.getByLabel('Maximum deliveries').fill('0')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await dialog.getByText('Must be at least 100 ms, got 1 ms').waitFor()
    await dialog.getByText('Must be at most 1 d').waitFor()
    await dialog.getByText('Must be at least 1, got 0').waitFor()
    await dialog.getByRole('alert').getByText('Nothing was changed: correct the marked fields.').waitFor()
    // The focus moves to the first marked field.
    const focused = await page.evaluate('document.activeElement.labels[0].textContent')
    expect(focused).toBe('Time to ack')
    await expectNoViolations(page, 'a refused policy')

    await dialog.getByLabel('Time to ack').fill('30 s')
    await dialog.getByLabel('Retry delays').fill('')
    await dialog.getByLabel('Maximum deliveries').fill('')
    await dialog.getByLabel('Dead-letter stream', { exact: true }).fill('orders')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await dialog.getByText('Dead letters would come back to the stream "orders"').waitFor()
    expect((await ask('GET', group)).delivery).toBeNull()
  })

  it('is part of a new group, which never replaces one that exists', async () => {
    const { url } = await orders()
    const page = await visit(url, '#/streams/orders')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'New group…' }).click()
    await dialog.getByLabel('Name').fill('billing')
    await dialog.getByLabel('Deliver unacked entries again without a claim').check()
    await dialog.getByLabel('Time to ack').fill('30 s')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('alert').getByText('billing').waitFor()
    await dialog.getByLabel('Name').fill('audit')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByText('Created group audit').waitFor()
    const { groups } = await ask('GET', `${url}/v1/streams/orders/groups`)
    expect(groups).toMatchObject([
      { name: 'audit', delivery: { ackTimeoutMs: 30_000 } },
      { name: 'billing', delivery: null }
    ])
  })
})

describeInBrowser('the pending entries of a group with a delivery policy', (visit) => {
  it('are shown with their state and the time when they fall due', async () => {
    const { url, group } = await orders({ ackTimeoutMs: HOUR })
    await ask('POST', `${group}/nack`, { ids: ['2-0'], outcome: 'retry', delayMs: HOUR })
    await ask('POST', `${group}/nack`, { ids: ['3-0'], outcome: 'release' })
    const page = await visit(url, ROUTE)
    await page.getByRole('row', { name: /1-0 ann due in (1 h|59 min)/ }).waitFor()
    await page.getByRole('row', { name: /2-0 nobody delayed (1 h|59 min)/ }).waitFor()
    await page.getByRole('row', { name: /3-0 nobody due/ }).waitFor()
    // Another request than that for the rows brings it.
    await expect.poll(() => stat(page, 'Delayed')).toBe('1')
    await ask('PATCH', group, { delivery: {} })
    await page.getByRole('row', { name: /1-0 ann no time limit/ }).waitFor()
  })

  it('are nacked with a delay, released and rejected', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    const dialog = page.getByRole('dialog')
    await page.getByLabel('Select 1-0').check()
    await page.getByRole('button', { name: 'Nack…' }).click()
    await dialog.getByLabel('Delay').fill('1')
    await dialog.getByRole('button', { name: 'Nack 1 entry' }).click()
    await dialog.getByText('"1" is not a duration').waitFor()
    await dialog.getByLabel('Delay').fill('1 h')
    await dialog.getByRole('button', { name: 'Nack 1 entry' }).click()
    await page.getByRole('row', { name: /1-0 nobody delayed/ }).waitFor()

    await page.getByLabel('Select 2-0').check()
    await page.getByRole('button', { name: 'Nack…' }).click()
    await dialog.getByLabel('Release').check()
    await dialog.getByRole('button', { name: 'Nack 1 entry' }).click()
    await page.getByRole('row', { name: /2-0 nobody due/ }).waitFor()

    await page.getByLabel('Select 3-0').check()
    await page.getByRole('button', { name: 'Nack…' }).click()
    await dialog.getByLabel('Reject').check()
    await dialog.getByLabel('Reason').fill('No such order')
    await dialog.getByRole('button', { name: 'Nack 1 entry' }).click()
    const dead = page.getByRole('region', { name: 'Dead entries' })
    await dead.getByRole('row', { name: /3-0 order 3-0 No such order 1 ann/ }).waitFor()
    const { pending } = await ask('GET', `${group}/pending`)
    expect(pending).toMatchObject([
      { id: '1-0', state: 'delayed', deliveries: 1 },
      { id: '2-0', state: 'due', deliveries: 0 }
    ])
  })

  it('are released with their consumer', async () => {
    const { url, group } = await orders()
    const page = await visit(url, ROUTE)
    await page.getByRole('button', { name: 'Delete… ann' }).click()
    await page.getByLabel('Release them.').check()
    await page.getByRole('button', { name: 'Release 3 entries and delete' }).click()
    await page.getByText('This group has no consumers.').waitFor()
    const { pending } = await ask('GET', `${group}/pending`)
    expect(pending).toHaveLength(3)
    expect(pending[0]).toMatchObject({ consumer: null, state: 'due', deliveries: 0 })
  })
})

/** Three entries that ann holds. */
async function orders(delivery?: object) {
  const { url } = await weirForTest()
  const group = `${url}/v1/streams/orders/groups/billing`
  const entries = ['1-0', '2-0', '3-0'].map((id) => ({ id, fields: { order: id } }))
  await ask('POST', `${url}/v1/streams/orders/entries`, { entries })
  await ask('PUT', group, { ...(delivery !== undefined && { delivery }) })
  await ask('POST', `${group}/read`, { consumer: 'ann', count: 3 })
  return { url, group }
}

/** Fills fields of the policy's dialog, by their labels, and applies them. */
async function fillPolicy(page: Page, opener: string, values: Readonly<Record<string, string>>) {
  await page.getByRole('button', { name: opener }).click()
  const dialog = page.getByRole('dialog')
  for (const [label, value] of Object.entries(values)) {
    await dialog.getByLabel(label, { exact: true }).fill(value)
  }
  await dialog.getByRole('button', { name: 'Apply' }).click()
}

/** What the page shows under a name. */
async function stat(page: Page, name: string): Promise<string | null> {
  return page
    .locator('.stat', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .first()
    .textContent()
}
