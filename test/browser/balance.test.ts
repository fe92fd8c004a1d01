import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser, requestsOf } from '../support/browser.ts'
import { ask, until } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

const RUN_MS = 20_000

describeInBrowser('the balance view', (visit) => {
  it('loses nothing at 2,000 entries per second when a worker is killed and its entries are claimed', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    const requests = requestsOf(page)
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByLabel('Batch size').selectOption('500')
    await setRate(page, 2000)
    const began = performance.now()
    await page.getByText(/\(batched\)/).waitFor()

    await until(async () => (await shown(page, 'Acked')) > 1000)
    await page.getByRole('button', { name: 'Kill ann' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    const stream = await streamOf(url)
    const { pending } = await ask('GET', `${stream}/groups/workers/pending?consumer=ann&limit=1000`)
    expect(pending.length).toBeGreaterThan(0)
    await page.getByLabel('Worker that claims the entries of ann').selectOption('bob')
    await page.getByRole('button', { name: /^Claim \d+ for$/ }).click()
    await page.getByText(`bob claimed ${pending.length} entr`).waitFor()

    await page.waitForTimeout(Math.max(0, RUN_MS - (performance.now() - began)))
    await setRate(page, 0)
    await settled(page)
    const sent = await shown(page, 'Sent')
    expect(sent).toBeGreaterThan(1000)
    expect(await shown(page, 'Delivered')).toBe(sent)
    expect(await shown(page, 'Lost')).toBe(0)
    // The server has the same counts.
    expect(await ask('GET', stream)).toMatchObject({ entriesAdded: sent })
    expect(await ask('GET', `${stream}/groups/workers`)).toMatchObject({ entriesRead: sent, pending: 0 })
    expect(requests.max()).toBeLessThanOrEqual(2)
    console.log(
      `balance: ${sent} entries sent, ${pending.length} entries of a killed worker claimed, none lost`
    )
  })

  it('recovers without help if claimIdleMs is set', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: 'Kill ann' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    await page.getByLabel('Claim idle entries').selectOption('after 1 s')
    await setRate(page, 0)
    await settled(page)
    expect(await shown(page, 'Delivered')).toBe(await shown(page, 'Sent'))
    expect(await shown(page, 'Lost')).toBe(0)
  })

  it('lets a restarted worker continue with its pending entries', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: 'Kill ann' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    await setRate(page, 0)
    await page.getByRole('button', { name: 'Restart ann' }).click()
    await settled(page)
    expect(await shown(page, 'Lost')).toBe(0)
  })

  it('deletes its stream when the user stops it, leaves the view or closes the page', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    const isDeleted = async () => (await ask('GET', `${url}/v1/streams`)).streams.length === 0
    await page.getByRole('button', { name: 'Start' }).click()
    await until(async () => !(await isDeleted()))
    await page.getByRole('button', { name: 'Stop and delete the stream' }).click()
    await until(isDeleted)
    await page.getByRole('button', { name: 'Start' }).click()
    await until(async () => !(await isDeleted()))
    await page.getByRole('link', { name: 'Streams', exact: true }).click()
    await until(isDeleted)
    await page.getByRole('link', { name: 'Balance', exact: true }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await until(async () => !(await isDeleted()))
    await page.goto('about:blank')
    await until(isDeleted)
  })

  it('offers to delete streams that closed pages left behind', async () => {
    const { url } = await weirForTest()
    const left = `weir-balance-${(Date.now() - 3_600_000).toString(36)}-abcdef`
    await ask('PUT', `${url}/v1/streams/${left}`, {})
    const page = await visit(url, '#/balance')
    await page.getByText(left).waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted 1 stream').waitFor()
    expect((await ask('GET', `${url}/v1/streams`)).streams).toEqual([])
  })

  it('shows in a tour of five steps how a worker crashes with an unacked entry', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    await page.getByRole('button', { name: 'Guided tour' }).click()
    const steps = ['Append 6', 'Start Ann and Bob', 'crash Ann', 'Append 3', 'Claim Ann’s entry']
    for (const [index, action] of steps.entries()) {
      await page.getByText(`Step ${index + 1} of 5`).waitFor()
      await page.getByRole('button', { name: action }).click()
      await page.getByRole('button', { name: index === 4 ? 'Explore' : 'Next step' }).click()
    }
    expect(await shown(page, 'Acked')).toBe(10)
    expect(await shown(page, 'Pending')).toBe(0)
    expect(await shown(page, 'Lost')).toBe(0)
  })
})

async function setRate(page: Page, rate: number): Promise<void> {
  await page.getByLabel('Entries appended per second, as a number').fill(`${rate}`)
}

/** Resolves when all entries that were sent are acked. */
async function settled(page: Page): Promise<void> {
  await until(async () => {
    const [sent, acked, pending, lag] = await Promise.all(
      ['Sent', 'Acked', 'Pending', 'Lag'].map((name) => shown(page, name))
    )
    return sent === acked && pending === 0 && lag === 0
  })
}

/** The number that the page shows under a name. */
async function shown(page: Page, name: string): Promise<number> {
  const text = await page
    .locator('.stat', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .first()
    .textContent()
  return Number(text?.replaceAll(',', ''))
}

/** The URL of the stream of the only balance. */
async function streamOf(url: string): Promise<string> {
  const { streams } = await ask('GET', `${url}/v1/streams?prefix=weir-balance-`)
  return `${url}/v1/streams/${streams[0].name}`
}
