import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectNoViolations } from '../support/accessibility.ts'
import { describeInBrowser, tryOut } from '../support/browser.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { operations } from '../support/openapi-document.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory, weirForTest } from '../support/weir.ts'

const FILES = new URL('../../dist/docs/', import.meta.url)
const PHONE = { width: 390, height: 844 }
const TOKENS = tokensFor({ ann: ['append:orders'], bob: ['admin'] })

describe('the files of the API documentation', () => {
  it('are a page, a script, a style sheet and an icon, with less than 40 kB in all, compressed', () => {
    const files = readdirSync(FILES, { recursive: true, withFileTypes: true }).filter((item) => item.isFile())
    const names = files.map(({ name }) => name.replace(/-.{8}\./, '.')).sort()
    expect(names).toEqual(['index.css', 'index.html', 'index.js', 'licenses.md', 'weir.svg'])
    const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`Files of the API documentation: ${bytes} bytes, compressed`)
    expect(bytes).toBeLessThan(40_000)
  })
})

describeInBrowser('the API documentation', (visit) => {
  it('shows every operation, and requests nothing from another host', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs' })
    const requested: string[] = []
    page.on('request', (request) => requested.push(request.url()))
    const answer = await page.reload()
    expect(answer?.headers()['content-security-policy']).not.toMatch(/unsafe|http|\*|data:/)
    await page.getByRole('heading', { name: 'Weir API' }).waitFor()
    const listed = page.getByRole('navigation', { name: 'Operations' }).getByRole('link')
    const names = (await listed.allTextContents()).map((text) =>
      text.replace(/(GET|PUT|POST|PATCH|DELETE)$/, '')
    )
    const ids = operations.map(({ operationId }) => operationId)
    expect(names.sort()).toEqual(['Overview', 'Problem codes', ...ids].sort())
    expect(requested.length).toBeGreaterThan(3)
    expect(requested.filter((each) => !each.startsWith(`${url}/`))).toEqual([])
  })

  it('opens at an operation, and reports one that does not exist', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/readGroup', { at: 'docs' })
    await page.getByRole('heading', { name: 'Read the next entries as a consumer' }).waitFor()
    expect(await page.title()).toBe('readGroup · Weir API')
    await page.evaluate("location.hash = '#/nonsense'")
    await page.getByRole('heading', { name: 'Operation not found' }).waitFor()
    await page.goBack()
    await page.getByText('group-not-found').first().waitFor()
    await page.getByText('No such group').first().waitFor()
  })

  it('finds operations by words of their names, summaries and paths', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs' })
    await page.getByLabel('Filter operations').fill('post redrive')
    const links = page.getByRole('navigation', { name: 'Operations' }).getByRole('link')
    await until(async () => (await links.count()) === 1)
    expect(await links.allTextContents()).toEqual(['redriveEntriesPOST'])
    await page.getByLabel('Filter operations').fill('no such thing')
    await page.getByText('No operation matches.').waitFor()
  })

  it('sends the request that was entered, and shows its answer', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs' })
    await tryOut(page, 'appendEntries', 201)
    expect((await ask('GET', `${url}/v1/streams/orders`)).length).toBe(2)
    const ids = JSON.parse((await bodyOf(page)) ?? '').ids
    expect(ids).toHaveLength(2)
    await page.getByText(/^after \d/).waitFor()
    await page.getByText('x-request-id').waitFor()
    await page.getByLabel('Body', { exact: true }).fill('{"entries": [{"fields": {"order": "1003"}}]}')
    await page.getByLabel('stream', { exact: true }).fill('orders/été')
    await page.getByRole('button', { name: 'Send request' }).click()
    await until(async () => (await bodyOf(page))?.includes(ids[0]) === false)
    const { entries } = await ask('GET', `${url}/v1/streams/${encodeURIComponent('orders/été')}/entries`)
    expect(entries).toMatchObject([{ fields: { order: '1003' } }])
    // Other operations continue with the name.
    await page.getByRole('link', { name: 'getStream' }).click()
    expect(await page.getByLabel('stream', { exact: true }).inputValue()).toBe('orders/été')
  })

  it('sends optional parameters only if they have a value', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/listStreams', { at: 'docs' })
    const requested: string[] = []
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url())
      if (pathname === '/v1/streams') requested.push(search)
    })
    await page.getByText('Optional parameters').click()
    await page.getByLabel('prefix', { exact: true }).fill('a&b')
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.locator('.answer .status').getByText('200').waitFor()
    expect(requested).toEqual(['?prefix=a%26b'])
  })

  it('shows a problem, and what is wrong with the request', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/appendEntries', { at: 'docs' })
    await page.getByLabel('Body', { exact: true }).fill('{"entries": 7}')
    await page.getByRole('button', { name: 'Send request' }).click()
    const problem = page.locator('.problem')
    await problem.getByText('invalid-request').waitFor()
    await problem.getByText('/entries', { exact: true }).waitFor()
    await problem.getByText('Nothing was changed.').waitFor()
    await page.getByLabel('stream', { exact: true }).fill('..')
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('alert').getByText('A browser cannot send ".."').waitFor()
    await page.getByLabel('stream', { exact: true }).fill('')
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('alert').getByText('"stream" is required.').waitFor()
  })

  it('sends the token that was entered, keeps it out of the samples, and forgets it', async () => {
    const { url } = await guarded()
    const page = await visit(url, '#/appendEntries', { at: 'docs' })
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByText('This server requires a token.').waitFor()
    await page.getByLabel('Token').fill('weir_guessed')
    await page.getByRole('button', { name: 'Use token' }).click()
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByText('Weir did not accept this token.').waitFor()
    const secret = TOKENS.headers('ann').authorization.slice('Bearer '.length)
    await page.getByLabel('Token').fill(secret)
    await page.getByLabel('Token').press('Enter')
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.locator('.answer .status').getByText('201').waitFor()
    const text = (await page.locator('body').textContent()) ?? ''
    expect(text).toContain('Bearer $WEIR_TOKEN')
    expect(text).not.toContain(secret)
    // The console shares the token, and so does the next page of the tab.
    await page.reload()
    await page.getByText('sent with each request').click()
    await page.getByRole('button', { name: 'Forget' }).click()
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.locator('.answer .status').getByText('401').waitFor()
  })

  it('shows how long a read waits, and stops it', async () => {
    const { url } = await weirForTest()
    await ask('PUT', `${url}/v1/streams/orders`)
    await ask('PUT', `${url}/v1/streams/orders/groups/billing`)
    const page = await visit(url, '#/readGroup', { at: 'docs' })
    await page.getByRole('button', { name: 'Send request' }).click()
    await until(async () => (await readersWaiting(url)) === 1)
    await page.getByRole('timer').getByText('of up to 30 s').waitFor()
    await page.getByText(/^Waiting [1-9]/).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('The request was aborted.').waitFor()
    await until(async () => (await readersWaiting(url)) === 0)
    // An operation that is left is stopped, too.
    await page.getByRole('button', { name: 'Send request' }).click()
    await until(async () => (await readersWaiting(url)) === 1)
    await page.getByRole('link', { name: 'getStream' }).click()
    await until(async () => (await readersWaiting(url)) === 0)
  })

  it('shows the events of a stream as they arrive, at most 100, and stops it', async () => {
    const { url } = await weirForTest()
    const entries = (count: number) => ({
      entries: Array.from({ length: count }, (_, n) => entry(`old ${n}`))
    })
    await ask('POST', `${url}/v1/streams/orders/entries`, entries(1))
    const page = await visit(url, '#/tailEntries', { at: 'docs' })
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByText('Open: 1 event').waitFor()
    await ask('POST', `${url}/v1/streams/orders/entries`, { entries: [entry('appended meanwhile')] })
    await page.getByText('appended meanwhile').waitFor()
    await ask('POST', `${url}/v1/streams/orders/entries`, entries(120))
    await page.getByText('Open: 122 events, showing the latest 100').waitFor()
    expect(await page.getByRole('list', { name: 'Events' }).getByRole('listitem').count()).toBe(100)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped: 122 events').waitFor()
    await until(async () => (await readersWaiting(url)) === 0)
  })

  it('shows the request in five languages, and remembers the language', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/appendEntries', { at: 'docs' })
    const first = { curl: 'curl ', TypeScript: 'const response', Python: 'import json', Go: 'package main' }
    for (const [language, start] of Object.entries({ ...first, Java: 'import java' })) {
      await page.getByRole('tab', { name: language, exact: true }).click()
      const code = await page.getByRole('tabpanel').textContent()
      expect(code?.startsWith(start)).toBe(true)
      expect(code).toContain(`${url}/v1/streams/orders/entries`)
      expect(code).toContain('49.90')
    }
    await page.keyboard.press('ArrowLeft')
    await page.reload()
    await page.getByRole('tab', { name: 'Go', selected: true }).waitFor()
    await page.getByLabel('stream', { exact: true }).fill('bills')
    await until(
      async () => (await page.getByRole('tabpanel').textContent())?.includes('/streams/bills/') === true
    )
  })

  it('reports that the document cannot be loaded, and tries again', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs' })
    await page.route('**/openapi.json', (route) =>
      route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' })
    )
    await page.reload()
    await page.getByRole('alert').getByText('The server responded with status 502').waitFor()
    await page.unroute('**/openapi.json')
    await page.route('**/openapi.json', (route) => route.fulfill({ body: '<h1>Welcome</h1>' }))
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').getByText('The response is not an OpenAPI document').waitFor()
    await page.unroute('**/openapi.json')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Weir API' }).waitFor()
  })

  it.each([
    ['a desktop', { width: 1280, height: 900 }, 'light'],
    ['a desktop', { width: 1280, height: 900 }, 'dark'],
    ['a phone', PHONE, 'light'],
    ['a phone', PHONE, 'dark']
  ] as const)('is accessible and fits on %s: %s, %s', async (_, viewport, colorScheme) => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs', viewport, colorScheme })
    await page.getByRole('heading', { name: 'Weir API' }).waitFor()
    await page.locator(`:root[data-theme="${colorScheme}"]`).waitFor()
    for (const route of ['#/', '#/problems', '#/listPending', '#/appendEntries', '#/nonsense']) {
      await page.evaluate(`location.hash = '${route}'`)
      await page.locator('main h1').waitFor()
      if (route === '#/appendEntries') {
        for (const details of await page.locator('main details > summary').all()) await details.click()
        await page.getByRole('button', { name: 'Send request' }).click()
        await page.locator('.answer .status').getByText('201').waitFor()
        await page.getByLabel('Body', { exact: true }).fill('{')
        await page.getByRole('button', { name: 'Send request' }).click()
        await page.locator('.problem').waitFor()
      }
      await expectNoViolations(page, `${route} ${colorScheme}`)
      expect({ route, excess: await excessWidth(page) }).toEqual({ route, excess: 0 })
    }
  })

  it('has its navigation behind a button on a phone', async () => {
    const { url } = await weirForTest()
    const page = await visit(url, '#/', { at: 'docs', viewport: PHONE })
    await page.getByRole('heading', { name: 'Weir API' }).waitFor()
    const link = page
      .getByRole('navigation', { name: 'Operations' })
      .getByRole('link', { name: /^readGroup\b/ })
    expect(await link.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Operations' }).click()
    await link.click()
    await page.getByRole('heading', { name: 'Read the next entries as a consumer' }).waitFor()
    expect(await link.isVisible()).toBe(false)
  })

  it('can be used with the keyboard alone, in the theme of the console', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    await page.getByRole('button', { name: 'Theme: system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.getByRole('link', { name: 'API' }).click()
    await page.locator(':root[data-theme="dark"]').waitFor()
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    await page.getByLabel('Filter operations').focus()
    await page.keyboard.type('ensureStream')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Create a stream if it does not exist' }).waitFor()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.answer .status').getByText('200').waitFor()
    expect((await ask('GET', `${url}/v1/streams/orders`)).name).toBe('orders')
  })
})

function entry(order: string): object {
  return { fields: { order } }
}

/** The body of the answer that the page shows. */
async function bodyOf(page: Page): Promise<string | null> {
  return page.getByRole('region', { name: 'The body of the response' }).textContent()
}

/** How far the page can be scrolled sideways. */
async function excessWidth(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number
}

async function guarded() {
  const file = join(await temporaryDirectory(), 'tokens.json')
  await writeFile(file, TOKENS.file)
  return weirForTest({ WEIR_TOKENS_FILE: file })
}
