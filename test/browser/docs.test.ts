import { expect, it } from 'vitest'
import { describeInBrowser, tryOut } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

describeInBrowser('the API documentation', (visit) => {
  it('shows every operation and complies with its Content-Security-Policy', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    const answer = await page.goto(`${url}/docs`)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    await page.getByRole('heading', { name: 'Weir' }).waitFor()
    expect(await page.locator('.opblock').count()).toBeGreaterThan(25)
    await tryOut(page, 'entries-appendEntries', 201)
    expect((await ask('GET', `${url}/v1/streams/orders`)).length).toBe(2)
  })
})
