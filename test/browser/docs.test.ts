import { expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { ask } from '../support/http.ts'
import { weirForTest } from '../support/weir.ts'

describeInBrowser('the documentation', (visit) => {
  it('shows every operation under its policy, and breaks it nowhere', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    const answer = await page.goto(`${url}/docs`)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    await page.getByRole('heading', { name: 'Weir' }).waitFor()
    expect(await page.locator('.opblock').count()).toBeGreaterThan(25)
    const append = page.locator('#operations-entries-appendEntries')
    await append.getByRole('button').first().click()
    await append.getByRole('button', { name: 'Try it out' }).click()
    await append.getByRole('button', { name: 'Execute' }).waitFor()
    // The fonts and colours of its own style sheet.
    expect(await append.evaluate('(block) => getComputedStyle(block).borderRadius')).not.toBe('0px')
  })

  it('sends what is tried out to the server that it comes from, on whatever port', async () => {
    const { url } = await weirForTest()
    const page = await visit(url)
    await page.goto(`${url}/docs`)
    const append = page.locator('#operations-entries-appendEntries')
    await append.getByRole('button').first().click()
    await append.getByRole('button', { name: 'Try it out' }).click()
    await append.getByPlaceholder('stream').fill('orders')
    await append.getByRole('button', { name: 'Execute' }).click()
    await append.locator('.live-responses-table .response-col_status').getByText('201').first().waitFor()
    expect((await ask('GET', `${url}/v1/streams/orders`)).length).toBe(2)
  })
})
