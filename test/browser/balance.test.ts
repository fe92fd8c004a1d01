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

  it('recovers without a claim if the group has a delivery policy', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    const sent = pathsOf(page)
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByLabel('Policy: time to ack').selectOption('1 s')
    await page.getByLabel('Batch size').selectOption('10')
    await page.getByLabel('Claim idle entries').and(page.locator(':disabled')).waitFor()
    await page.getByRole('button', { name: 'Kill ann' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    // Slower than its time to ack: it has to extend what it holds.
    await page.getByLabel('Work per batch').selectOption('250 ms')
    await page.getByRole('button', { name: 'Slow bob' }).click()
    await setRate(page, 20)
    await until(async () => sent.some((path) => path.endsWith('/extend')))
    await page.getByRole('button', { name: 'Leave cleo' }).click()
    await page.getByRole('heading', { name: 'cleo' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Slow bob' }).click()
    await page.getByRole('button', { name: 'Remove ann' }).waitFor()
    await setRate(page, 0)
    await settled(page)
    expect(await shown(page, 'Delivered')).toBe(await shown(page, 'Sent'))
    expect(await shown(page, 'Lost')).toBe(0)
    expect(sent.filter((path) => path.includes('claim'))).toEqual([])
  })

  it('keeps poison entries as dead ones until they are redriven', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByLabel('Policy: deliveries').selectOption('at most 2')
    await page.getByLabel('Poison entries').selectOption('1 in 10')
    await until(async () => (await shown(page, 'Dead')) > 0)
    await setRate(page, 0)
    await until(async () => (await shown(page, 'Pending')) === 0 && (await shown(page, 'Lag')) === 0)
    const dead = (await shown(page, 'Sent')) - (await shown(page, 'Acked'))
    expect(await shown(page, 'Dead')).toBe(dead)
    expect(await shown(page, 'Lost')).toBe(0)
    await page.getByLabel('Poison entries').selectOption('none')
    await page.getByRole('button', { name: 'Redrive dead entries' }).click()
    await page.getByText(`Redrove ${dead} entr`).waitFor()
    await settled(page)
    expect(await shown(page, 'Dead')).toBe(0)
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

  it('shows in a tour of six steps how a delivery policy makes claims unnecessary', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/balance')
    const sent = pathsOf(page)
    await page.getByRole('button', { name: 'Policy tour' }).click()
    const steps = [
      'Start Ann and Bob',
      'crash Ann',
      'Let Bob continue',
      'start Cleo',
      'Append a poison entry',
      'Fix the workers'
    ]
    for (const [index, action] of steps.entries()) {
      await page.getByText(`Step ${index + 1} of 6`).waitFor()
      await page.getByRole('button', { name: action }).click()
      const isLast = index === steps.length - 1
      await page.getByRole('button', { name: isLast ? 'Explore' : 'Next step' }).waitFor()
      if (action === 'start Cleo') {
        // Bob kept the entry: Ann's is still the only one that was delivered twice.
        await page.getByText('plus 1 redelivered').waitFor()
      }
      if (action === 'Append a poison entry') expect(await shown(page, 'Dead')).toBe(1)
      await page.getByRole('button', { name: isLast ? 'Explore' : 'Next step' }).click()
    }
    expect(await shown(page, 'Acked')).toBe(9)
    expect(await shown(page, 'Pending')).toBe(0)
    expect(await shown(page, 'Dead')).toBe(0)
    expect(await shown(page, 'Lost')).toBe(0)
    expect(sent.filter((path) => path.includes('claim'))).toEqual([])
    expect(sent.some((path) => path.endsWith('/extend'))).toBe(true)
  })
})

/** The paths of all requests that the page sends from now on. */
function pathsOf(page: Page): string[] {
  const paths: string[] = []
  page.on('request', (request) => paths.push(new URL(request.url()).pathname))
  return paths
}

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
