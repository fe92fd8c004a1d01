import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { until } from '../support/http.ts'
import { tokensFor } from '../support/tokens.ts'
import { temporaryDirectory, weirForTest } from '../support/weir.ts'

const TOKENS = tokensFor({ ann: ['read:orders', 'append:bills'], bob: ['admin'] })
const OTHERS = tokensFor({ carol: ['read:*'] })
const secretOf = (name: string, tokens = TOKENS) => tokens.headers(name).authorization.slice('Bearer '.length)

describeInBrowser('the console of a server with tokens', (visit) => {
  it('loads without a token, prompts for one, and keeps it in its tab', async () => {
    const { url } = await shop()
    const page = await visit(url)
    await page.getByText('Signed out').waitFor()
    await signIn(page, 'weir_guessed')
    await page.getByText('Weir did not accept the last token.').waitFor()
    await signIn(page, secretOf('bob'))
    await page.getByRole('link', { name: 'orders' }).waitFor()
    expect(await page.getByLabel('Token').count()).toBe(0)
    await page.reload()
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByText('1001').waitFor()

    const other = await page.context().newPage()
    await other.goto(`${url}/console/`)
    await other.getByLabel('Token').waitFor()
  })

  it('shows what the token allows, and reports what it does not allow', async () => {
    const { url } = await shop()
    const page = await visit(url)
    await signIn(page, secretOf('ann'))
    await page.getByText('1 stream').waitFor()
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByText('1001').waitFor()
    await page.getByRole('button', { name: 'Append', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Field', { exact: true }).fill('order')
    await dialog.getByRole('button', { name: 'Append' }).click()
    await dialog.getByText('The token "ann" does not allow append on stream "orders"').waitFor()
    await page.keyboard.press('Escape')
    await page.evaluate("location.hash = '#/streams/bills'")
    await page.getByText('The token "ann" does not allow read on stream "bills"').first().waitFor()
    expect(await page.getByLabel('Token').count()).toBe(0)
  })

  it('follows a stream with its token, and prompts for another if that one is revoked', async () => {
    const { url, file, append } = await shop()
    const page = await visit(url, '#/streams/orders')
    await signIn(page, secretOf('ann'))
    await page.getByText('1001').waitFor()
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await append('orders', '1002')
    await page.getByText('1002').waitFor()
    await writeFile(file, OTHERS.file)
    await page.getByText('Weir did not accept the last token.').waitFor()
    await signIn(page, secretOf('carol', OTHERS))
    await page.getByText('1001').waitFor()
    expect(await page.getByLabel('Token').count()).toBe(0)
  })
})

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A server with tokens and two streams, with an entry in each. */
async function shop() {
  const file = join(await temporaryDirectory(), 'tokens.json')
  await writeFile(file, TOKENS.file)
  const { url } = await weirForTest({ WEIR_TOKENS_FILE: file })
  const append = (stream: string, order: string) =>
    until(async () => {
      const answer = await fetch(`${url}/v1/streams/${stream}/entries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...TOKENS.headers('bob') },
        body: JSON.stringify({ entries: [{ fields: { order } }] })
      })
      return answer.status === 201
    })
  await append('orders', '1001')
  await append('bills', '2001')
  return { url, file, append }
}
