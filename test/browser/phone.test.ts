import { expect, it } from 'vitest'
import { expectNoViolations } from '../support/accessibility.ts'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const LONG = 'a-consumer-with-a-name-that-is-longer-than-a-line-of-a-phone'

/** Tables that become lists, with the labels of a row. */
const LISTS = [
  ['#/streams/orders/groups/billing', '.consumers', ['Pending', 'Last seen', 'Last delivery']],
  ['#/streams/orders/groups/billing', '.pending', ['Owner', 'State', 'Idle', 'Deliveries']],
  ['#/streams/orders/groups/billing', '.dead', ['Fields', 'Reason', 'Deliveries', 'Last consumer', 'Died']],
  [
    '#/streams/orders',
    '.stacks',
    ['Lag', 'Pending', 'Dead', 'Oldest pending', 'Delivered / s', 'Acked / s', 'Consumers']
  ]
] as const

describeInBrowser('the console on a phone', (visit) => {
  it.each(LISTS)('shows all of a table as a list with labels: %s %s', async (route, table, labels) => {
    const { url } = await orders()
    const page = await visit(url, route, { viewport: { width: 390, height: 844 } })
    const rows = page.locator(`${table} tbody tr`)
    await rows.first().waitFor()
    for (const row of await rows.all()) {
      const cells = row.locator('[data-label]')
      expect(await cells.evaluateAll(shownLabels)).toEqual(labels)
      for (const cell of await row.locator('> *').all()) {
        const box = await cell.boundingBox()
        expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390).toBe(true)
      }
    }
    const boxes = await Promise.all(
      (await rows.first().locator('[data-label]').all()).map((one) => one.boundingBox())
    )
    const tops = boxes.map((box) => box?.y ?? 0)
    expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b))
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    const scrolled = await page.locator('.scroll').evaluateAll(excessWidths)
    expect(scrolled.length).toBeGreaterThan(0)
    expect(Math.max(...scrolled)).toBe(0)
    await expectNoViolations(page, route)
  })

  it('selects entries, one or all, and deletes a consumer', async () => {
    const { url, group } = await orders()
    const page = await visit(url, '#/streams/orders/groups/billing', {
      viewport: { width: 390, height: 844 }
    })
    const pending = page.getByRole('region', { name: 'Pending' })
    await pending.getByLabel('Select all on this page').check()
    await pending.getByLabel('Select 2-0').uncheck()
    await pending.getByRole('button', { name: 'Ack…', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Ack' }).click()
    await page.getByText('Acked 2 entries').waitFor()
    await page.getByRole('button', { name: `Delete… ${LONG}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: `Delete… ${LONG}` }).waitFor({ state: 'detached' })
    const { consumers } = await ask('GET', `${group}/consumers`)
    expect(consumers.map(({ name }: { name: string }) => name)).toEqual(['ann', 'bob'])
  })
})

/** The labels that cells show in front of their values. Runs in the browser. */
const shownLabels = new Function(
  'cells',
  `return cells.map((cell) => getComputedStyle(cell, '::before').content.replaceAll('"', ''))`
) as (cells: unknown[]) => string[]

/** How far each element can be scrolled sideways. Runs in the browser. */
const excessWidths = new Function('all', 'return all.map((one) => one.scrollWidth - one.clientWidth)') as (
  all: unknown[]
) => number[]

/** A group with three consumers, three pending entries and a dead one. */
async function orders() {
  const { url } = await weirForTest()
  const stream = `${url}/v1/streams/orders`
  const group = `${stream}/groups/billing`
  const entries = ['1-0', '2-0', '3-0', '4-0'].map((id) => ({ id, fields: { order: id } }))
  await ask('POST', `${stream}/entries`, { entries })
  await ask('PUT', group, { delivery: { ackTimeoutMs: 3_600_000, maxDeliveries: 3 } })
  await ask('POST', `${group}/read`, { consumer: 'ann', count: 1 })
  await ask('POST', `${group}/read`, { consumer: 'bob', count: 1 })
  await ask('POST', `${group}/read`, { consumer: LONG, count: 1 })
  await ask('POST', `${group}/read`, { consumer: 'ann', count: 1 })
  await ask('POST', `${group}/nack`, { ids: ['4-0'], outcome: 'reject', reason: 'no such customer' })
  return { url, group }
}
