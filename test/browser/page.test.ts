import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectNoViolations } from '../support/accessibility.ts'
import { describeInBrowser, hide, requestsOf } from '../support/browser.ts'
import { Connection } from '../support/connection.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { startWeir, temporaryDirectory, weirForTest } from '../support/weir.ts'

const ASSETS = new URL('../../dist/console/assets/', import.meta.url)
const GROUP = '#/streams/orders/groups/billing'
const ROUTES = ['#/', '#/streams/orders', GROUP, '#/balance', '#/nonsense']

describe('the files of the console', () => {
  it('contain less than 150 kB of JavaScript, compressed', () => {
    const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'))
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, ASSETS))).length, 0)
    console.log(`JavaScript of the console: ${bytes} bytes, compressed`)
    expect(scripts.length).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(150_000)
  })

  it('have a Content-Security-Policy that allows nothing else, and cache headers', async () => {
    const { url } = await weirForTest()
    const redirect = await fetch(`${url}/console`, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([308, 'console/'])
    const page = await fetch(`${url}/console/`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toMatch(/unsafe|http|\*|data:/)
    const text = await page.text()
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source)
    expect(sources.length).toBeGreaterThanOrEqual(3)
    for (const source of sources) {
      expect(source).toMatch(/^\.\/assets\/.*-.{8}\./)
      const asset = await fetch(new URL(source, `${url}/console/`))
      expect(asset.status).toBe(200)
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
    // `fetch` would add headers of its own.
    const connection = new Connection(url)
    const etag = page.headers.get('etag') ?? ''
    connection.request('GET', '/console/', undefined, { 'if-none-match': etag })
    expect((await connection.answer())?.status).toBe(304)
    connection.socket.destroy()
  })

  it('are the only ones served: other paths get a problem response', async () => {
    const { url } = await weirForTest()
    for (const path of ['nothing', '../../package.json', '%2e%2e/main.js', 'assets/']) {
      const answer = await fetch(`${url}/console/${path}`)
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ code: 'not-found' })
    }
  })
})

describeInBrowser('the console', (visit) => {
  it.each(['light', 'dark'] as const)('has no accessibility violations in %s mode', async (colorScheme) => {
    const { url } = await orders()
    const page = await visit(url, '#/', { colorScheme })
    for (const route of ROUTES) {
      await page.evaluate(`location.hash = '${route}'`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectNoViolations(page, route)
    }
    await page.getByRole('link', { name: 'Balance' }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('button', { name: 'Kill ann' }).click()
    await page.getByText('crashed', { exact: true }).waitFor()
    await expectNoViolations(page, 'running balance')
    await page.getByRole('button', { name: 'Guided tour' }).click()
    await page.getByText('Step 1 of 5').waitFor()
    await expectNoViolations(page, 'tour')
    await page.getByRole('button', { name: 'Policy tour' }).click()
    await page.getByText('Step 1 of 6').waitFor()
    await expectNoViolations(page, 'policy tour')
  })

  it('has no accessibility violations in its dialogs', async () => {
    const { url } = await orders()
    const page = await visit(url, '#/streams/orders')
    for (const name of ['Append', 'Trim…', 'Delete…', 'New group…']) await checkDialog(page, name)
    await page.getByRole('link', { name: 'billing' }).click()
    await page.getByLabel('Select 1-0').check()
    const ofGroup = ['Move…', 'Delete…', 'Set a policy…', 'Ack…', 'Nack…', 'Claim…', 'Delete… ann', '1-0']
    for (const name of ofGroup) await checkDialog(page, name)
  })

  it('fits the width of a phone', async () => {
    const { url } = await orders()
    const page = await visit(url, '#/', { viewport: { width: 360, height: 740 } })
    for (const route of [...ROUTES, '#/streams/none', '#/streams/orders/groups/none']) {
      await page.evaluate(`location.hash = '${route}'`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (route.endsWith('none')) await page.getByText('does not exist').waitFor()
      expect([route, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([route, 360])
    }
  })

  it('can be used with the keyboard alone', async () => {
    const { url, group } = await orders()
    const page = await visit(url)
    await page.getByRole('link', { name: 'orders' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'billing' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Select 1-0').focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Ack…', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    // Moves the focus from Cancel, which comes first, to the button that acks.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Acked 1 entry').waitFor()
    expect((await ask('GET', group)).pending).toBe(1)
  })

  it('has at most two requests in flight, and none while it is hidden', async () => {
    const { url } = await orders()
    const page = await visit(url, '#/streams/orders')
    await page.getByRole('switch', { name: 'Live tail' }).waitFor()
    const requests = requestsOf(page)
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await until(async () => (await readersWaiting(url)) === 1)
    const before = requests.total()
    await until(async () => requests.total() > before + 4)
    expect(requests.max()).toBe(2)

    await hide(page, true)
    await until(async () => requests.inFlight() === 0 && (await readersWaiting(url)) === 0)
    const hidden = requests.total()
    await page.waitForTimeout(2500)
    expect(requests.total()).toBe(hidden)

    await ask('POST', `${url}/v1/streams/orders/entries`, {
      entries: [{ id: '9-0', fields: { order: '9' } }]
    })
    await hide(page, false)
    await page.getByRole('button', { name: '9-0' }).waitFor()
  })

  it('shows that the server is not responding, and continues when it is back', async () => {
    const directory = await temporaryDirectory()
    const first = await startWeir({ WEIR_DATA_DIR: directory })
    await ask('POST', `${first.url}/v1/streams/orders/entries`, {
      entries: [{ id: '1-0', fields: { order: '1' } }]
    })
    const page = await visit(first.url, '#/streams/orders')
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await until(async () => (await readersWaiting(first.url)) === 1)
    await first.stop('SIGKILL')
    await page.getByRole('alert').getByText('Weir is not responding.').waitFor()
    await page.getByText('Offline').waitFor()
    // The latest data is still shown.
    await page.getByRole('heading', { name: 'orders' }).waitFor()

    const second = await weirForTest({ WEIR_DATA_DIR: directory, WEIR_PORT: `${first.port}` })
    await ask('POST', `${second.url}/v1/streams/orders/entries`, {
      entries: [{ id: '2-0', fields: { order: '2' } }]
    })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('Weir is not responding.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '2-0' }).waitFor()
  })

  it('remembers the chosen theme', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { colorScheme: 'light' })
    const shown = () => page.evaluate('document.documentElement.dataset.theme')
    expect(await shown()).toBe('light')
    await page.getByRole('button', { name: 'Theme: system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    expect(await shown()).toBe('dark')
    await page.reload()
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    expect(await shown()).toBe('dark')
  })
})

/** Two entries, both pending with ann. */
async function orders() {
  const { url } = await weirForTest()
  const group = `${url}/v1/streams/orders/groups/billing`
  const entries = ['1-0', '2-0'].map((id) => ({ id, fields: { order: id } }))
  await ask('POST', `${url}/v1/streams/orders/entries`, { entries })
  await ask('PUT', group)
  await ask('POST', `${group}/read`, { consumer: 'ann', count: 2 })
  return { url, group }
}

async function checkDialog(page: Page, opener: string): Promise<void> {
  await page.getByRole('button', { name: opener, exact: true }).click()
  await page.getByRole('dialog').waitFor()
  await expectNoViolations(page, opener)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
