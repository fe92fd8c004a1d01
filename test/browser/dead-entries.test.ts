import { expect, it } from 'vitest'
import { expectNoViolations } from '../support/accessibility.ts'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const ROUTE = '#/streams/orders/groups/billing'
const REASON = 'TypeError: Cannot read properties of undefined (reading "total")'

describeInBrowser('the dead entries of a group', (visit) => {
  it('are shown with their reasons, and counted wherever groups are listed', async () => {
    const { url } = await deadOrders(3)
    const page = await visit(url, ROUTE)
    const dead = page.getByRole('region', { name: 'Dead entries' })
    await dead.getByRole('row', { name: /^Select 2-0 2-0 order 2-0/ }).waitFor()
    const row = await dead.getByRole('row', { name: /Select 2-0/ }).textContent()
    expect(row).toContain(`${REASON}1ann`)
    await dead.getByRole('button', { name: '2-0' }).click()
    await dead.locator('.fields-table').getByText('2-0').waitFor()
    await page.locator('.breadcrumbs').getByRole('link', { name: 'orders' }).click()
    const cells = page.getByRole('row', { name: /^billing/ }).getByRole('cell')
    await expect.poll(() => cells.nth(2).textContent()).toBe('3')
    expect(await page.getByRole('columnheader').nth(3).textContent()).toBe('Dead')
    await page.locator('.breadcrumbs').getByRole('link', { name: 'Streams' }).click()
    await page.getByRole('row', { name: /^orders .* 3 dead 1/ }).waitFor()
    await expectNoViolations(page, 'overview')
  })

  it('are redriven, and the page shows which could not be', async () => {
    const { url, group } = await deadOrders(4)
    const page = await visit(url, ROUTE)
    const dead = page.getByRole('region', { name: 'Dead entries' })
    await dead.getByLabel('Select 1-0').check()
    await dead.getByLabel('Select 2-0').check()
    await dead.getByLabel('Select 3-0').check()
    await dead.getByRole('button', { name: 'Redrive…' }).click()
    // While the dialog is open, one of them is acked elsewhere, and another is deleted from the stream.
    await ask('POST', `${group}/ack`, { ids: ['1-0'] })
    await ask('POST', `${url}/v1/streams/orders/entries/delete`, { ids: ['2-0'] })
    await page.getByRole('dialog').getByText('Nothing is lost.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive 3 entries' }).click()
    await dead.getByText('Redriven: 1 entry. Not dead: 1-0. No longer in the stream').waitFor()
    await dead.getByRole('row', { name: /2-0 No longer in the stream/ }).waitFor()
    expect((await ask('GET', `${group}/pending`)).pending).toMatchObject([
      { id: '3-0', consumer: null, state: 'due', deliveries: 0 }
    ])

    await dead.getByRole('button', { name: 'Redrive all…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive all' }).click()
    await dead.getByText('Redriven: 1 entry. No longer in the stream, so they stay here: 2-0.').waitFor()
    expect(await ask('GET', group)).toMatchObject({ pending: 2, dead: 1 })
  })

  it('are acked', async () => {
    const { url, group } = await deadOrders(2)
    const page = await visit(url, ROUTE)
    const dead = page.getByRole('region', { name: 'Dead entries' })
    await dead.getByLabel('Select all dead entries on this page').check()
    await dead.getByRole('button', { name: 'Ack…' }).click()
    await page.getByText('Acked entries leave the list of dead entries').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Ack 2 entries' }).click()
    await page.getByText('Acked 2 entries').waitFor()
    await dead.getByText('No dead entries.').waitFor()
    expect(await ask('GET', group)).toMatchObject({ pending: 0, dead: 0 })
  })

  it('are shown page by page', async () => {
    const { url } = await deadOrders(60)
    const page = await visit(url, ROUTE)
    const dead = page.getByRole('region', { name: 'Dead entries' })
    const rows = () => dead.locator('tbody tr').count()
    await expect.poll(rows).toBe(50)
    await dead.getByRole('button', { name: 'Next' }).click()
    await expect.poll(rows).toBe(10)
    await dead.getByLabel('Select 60-0').waitFor()
    await dead.getByRole('button', { name: 'Previous' }).click()
    await dead.getByLabel('Select 1-0').waitFor()
  })

  it('are lost with the group, which the page shows before it deletes the group', async () => {
    const { url, group } = await deadOrders(2)
    const page = await visit(url, ROUTE)
    await page.getByRole('region', { name: 'Dead entries' }).getByLabel('Select 1-0').waitFor()
    await page.getByRole('button', { name: 'Delete…', exact: true }).click()
    await page.getByText('and 2 dead entries').waitFor()
    await page.getByRole('button', { name: 'Drop 2 entries and delete' }).click()
    await page.getByText('Deleted group billing').waitFor()
    await expect(ask('GET', group)).rejects.toThrow()
  })
})

describeInBrowser('the dead letters of a group', (visit) => {
  it('are shown from their stream, and redriven', async () => {
    const { url, group } = await deadOrders(2, { deadLetterStream: 'orders-dead' })
    // A letter of another group, and an entry that is not a letter.
    const audit = `${url}/v1/streams/orders/groups/audit`
    await ask('PUT', audit, { delivery: { deadLetterStream: 'orders-dead' } })
    await ask('POST', `${audit}/read`, { consumer: 'eve', count: 1 })
    await ask('POST', `${audit}/nack`, { ids: ['1-0'], outcome: 'reject' })
    await ask('POST', `${url}/v1/streams/orders-dead/entries`, { entries: [{ fields: { note: 'mine' } }] })

    const page = await visit(url, ROUTE)
    const letters = page.getByRole('region', { name: 'Dead letters' })
    await letters.getByRole('row', { name: /Select 2-0 2-0 order 2-0 TypeError/ }).waitFor()
    expect(await letters.locator('tbody tr').count()).toBe(2)
    expect(await page.getByRole('region', { name: 'Dead entries' }).count()).toBe(0)
    await letters.getByLabel('Select 2-0').check()
    await letters.getByRole('button', { name: 'Redrive…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive 1 entry' }).click()
    await letters.getByText('Redriven: 1 entry.').waitFor()
    await letters.getByLabel('Select 2-0').waitFor({ state: 'detached' })
    expect((await ask('GET', `${group}/pending`)).pending).toMatchObject([{ id: '2-0', state: 'due' }])

    await letters.getByRole('link', { name: 'orders-dead' }).click()
    await page.getByRole('heading', { level: 1, name: 'orders-dead' }).waitFor()
    await expect.poll(() => page.locator('.entries tbody tr').count()).toBe(3)
  })

  it('have no stream before the first one', async () => {
    const { url } = await deadOrders(0, { deadLetterStream: 'orders-dead' })
    const page = await visit(url, ROUTE)
    const letters = page.getByRole('region', { name: 'Dead letters' })
    await letters.getByText('No dead letters of this group on this page.').waitFor()
  })
})

describeInBrowser('a group with dead entries', (visit) => {
  it.each(['light', 'dark'] as const)('has no accessibility violations in %s mode', async (colorScheme) => {
    const { url, group } = await deadOrders(2, { ackTimeoutMs: 30_000, maxDeliveries: 5 })
    await ask('POST', `${url}/v1/streams/orders/entries`, { entries: [{ fields: { order: '3' } }] })
    await ask('POST', `${group}/read`, { consumer: 'ann' })
    const page = await visit(url, ROUTE, { colorScheme })
    await page.getByLabel('Select 1-0').check()
    await page.getByText(/due in/).waitFor()
    await expectNoViolations(page, 'group')
    for (const opener of ['Change policy…', 'Redrive…', 'Redrive all…', 'Ack… dead entries']) {
      await page.getByRole('button', { name: opener, exact: true }).click()
      await page.getByRole('dialog').waitFor()
      await expectNoViolations(page, opener)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })

  it('fits the width of a phone', async () => {
    const { url } = await deadOrders(2, { ackTimeoutMs: 30_000, maxDeliveries: 5 })
    const page = await visit(url, ROUTE, { viewport: { width: 360, height: 740 } })
    await page.getByLabel('Select 1-0').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })
})

/** A group whose entries, 1-0 and on, were all rejected by ann. */
async function deadOrders(count: number, delivery: object = {}) {
  const { url } = await weirForTest()
  const group = `${url}/v1/streams/orders/groups/billing`
  const ids = Array.from({ length: count }, (_, i) => `${i + 1}-0`)
  await ask('PUT', group, { createStream: true, delivery })
  if (count > 0) {
    const entries = ids.map((id) => ({ id, fields: { order: id } }))
    await ask('POST', `${url}/v1/streams/orders/entries`, { entries })
    await ask('POST', `${group}/read`, { consumer: 'ann', count })
    await ask('POST', `${group}/nack`, { ids, consumer: 'ann', outcome: 'reject', reason: REASON })
  }
  return { url, group }
}
