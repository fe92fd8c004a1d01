import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'

/** Debian's package. */
const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

// On a machine of CI nothing is missing that a suite could be skipped for.
const canRun = existsSync(CHROMIUM) || Boolean(process.env['CI'])
if (!canRun) console.warn(`Skipped: there is no ${CHROMIUM}, so nobody looked at the console in a browser.`)

/** Opens the console of a server at a place of it. The page is closed when the test is over. */
export type Visit = (url: string, place?: string, options?: BrowserContextOptions) => Promise<Page>

/** As `describe`, with a browser of its own. A page that complains, of its own policy too, fails its test. */
export function describeInBrowser(name: string, tests: (visit: Visit) => void): void {
  describe.skipIf(!canRun)(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    })
    afterAll(() => browser.close())
    tests(async (url, place = '#/', options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      // Below the limit of a test, so that what was waited for in vain is told.
      page.setDefaultTimeout(60_000)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
      page.on('console', (message) => {
        // That the server is away, or refuses, is what some tests are about.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
          complaints.push(message.text())
        }
      })
      onTestFinished(async () => {
        await context.close()
        expect(complaints).toEqual([])
      })
      await page.goto(`${url}/console/${place}`)
      return page
    })
  })
}

/** The requests of a page that are on their way: how many there are, and how many there ever were at a time. */
export function requestsOf(page: Page): { now(): number; most(): number; all(): number } {
  const open = new Set<unknown>()
  let most = 0
  let all = 0
  page.on('request', (request) => {
    open.add(request)
    all++
    most = Math.max(most, open.size)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return { now: () => open.size, most: () => most, all: () => all }
}

/** Hides the page, or shows it again, as a browser does with the tabs behind the one that is seen. */
export async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
     document.dispatchEvent(new Event('visibilitychange'))`
  )
}

/** Sends a request for the stream "orders" with "Try it out" of the documentation; resolves when its status is shown. */
export async function tryOut(page: Page, operation: string, status: number): Promise<void> {
  const panel = page.locator(`#operations-${operation}`)
  await panel.getByRole('button').first().click()
  await panel.getByRole('button', { name: 'Try it out' }).click()
  await panel.getByPlaceholder('stream').fill('orders')
  await panel.getByRole('button', { name: 'Execute' }).click()
  await panel.locator('.live-responses-table .response-col_status').getByText(`${status}`).first().waitFor()
}
