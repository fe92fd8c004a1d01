import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'

/** The path that Debian's package installs it to. */
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

// In CI, a suite fails instead of being skipped.
const canRun = existsSync(CHROMIUM) || Boolean(process.env['CI'])
if (!canRun) console.warn(`Skipped: ${CHROMIUM} not found, so the console was not tested in a browser.`)

interface VisitOptions extends BrowserContextOptions {
  /** The page to open. Default: the console. */
  readonly at?: 'console' | 'docs'
}

/** Opens the console of a server, or its API documentation, at a route. The page is closed when the test is over. */
export type Visit = (url: string, route?: string, options?: VisitOptions) => Promise<Page>

/** Like `describe`, with a browser of its own. A test fails if its page logs an error, such as a violated policy. */
export function describeInBrowser(name: string, tests: (visit: Visit) => void): void {
  describe.skipIf(!canRun)(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    })
    afterAll(() => browser.close())
    tests(async (url, route = '#/', { at = 'console', ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      // Shorter than the time limit of a test, so that the failure names what the test waited for.
      page.setDefaultTimeout(60_000)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
      page.on('console', (message) => {
        // Some tests stop the server or send requests that it refuses.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
          errors.push(message.text())
        }
      })
      onTestFinished(async () => {
        await context.close()
        expect(errors).toEqual([])
      })
      await page.goto(`${url}/${at}/${route}`)
      return page
    })
  })
}

/** Counts the requests of a page: those in flight, the most that were in flight at a time, and all of them. */
export function requestsOf(page: Page): { inFlight(): number; max(): number; total(): number } {
  const open = new Set<unknown>()
  let max = 0
  let total = 0
  page.on('request', (request) => {
    open.add(request)
    total++
    max = Math.max(max, open.size)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return { inFlight: () => open.size, max: () => max, total: () => total }
}

/** Hides the page, or shows it again, as a browser does when the user changes tabs. */
export async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
     document.dispatchEvent(new Event('visibilitychange'))`
  )
}

/** Goes to an operation of the documentation page, sends the request of its form, and waits for this status. */
export async function tryOut(page: Page, operation: string, status: number): Promise<void> {
  await page.getByRole('navigation', { name: 'Operations' }).getByText(operation, { exact: true }).click()
  await page.getByRole('button', { name: 'Send request' }).click()
  await page.locator('.answer .status').getByText(`${status}`).waitFor()
}
