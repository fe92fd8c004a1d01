import { expect, it } from 'vitest'
import { describeInBrowser, tryOut } from '../support/browser.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { type PrefixProxy, prefixProxyForTest } from '../support/prefix-proxy.ts'
import { weirForTest } from '../support/weir.ts'

describeInBrowser('below a path, behind a proxy', (visit) => {
  it.each([
    ['that replaces Host', false],
    ['that forwards Host', true]
  ])('%s, the console looks, appends and follows', async (_, forwardsHost) => {
    const { proxy, direct } = await behindProxy(forwardsHost)
    await ask('PUT', `${direct}/v1/streams/orders`)
    const page = await visit(proxy.url)
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByRole('switch', { name: 'Live tail' }).click()
    await until(async () => (await readersWaiting(direct)) === 1)
    await page.getByRole('button', { name: 'Append', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Field', { exact: true }).fill('order')
    await dialog.getByLabel('Value', { exact: true }).fill('1001')
    await dialog.getByRole('button', { name: 'Append' }).click()
    await page.getByText('1001').waitFor()
    expect(proxy.strays).toEqual([])
  })

  it.each([
    '/docs',
    '/docs/',
    '/docs?a=b',
    '/docs/?a=b',
    '/docs/static/index.html',
    'the link of the console'
  ])('the documentation is complete: %s', async (place) => {
    const { proxy } = await behindProxy(true)
    const page = await visit(proxy.url)
    if (place.startsWith('/')) await page.goto(proxy.url + place)
    else await page.getByRole('link', { name: 'API' }).click()
    await page.locator('#operations-streams-ensureStream').waitFor()
    // The document that the page names, and that its reader may load.
    const link = page.locator('.info a.link').first()
    const document = await fetch(new URL((await link.getAttribute('href')) ?? '', page.url()))
    expect(await document.json()).toMatchObject({ openapi: '3.0.3' })
    expect(withoutIcon(proxy)).toEqual([])
  })

  it('what is tried out in the documentation reaches the server', async () => {
    const { proxy, direct } = await behindProxy(true)
    const page = await visit(proxy.url)
    await page.goto(`${proxy.url}/docs/`)
    await tryOut(page, 'streams-ensureStream', 200)
    expect((await ask('GET', `${direct}/v1/streams/orders`)).name).toBe('orders')
    expect(withoutIcon(proxy)).toEqual([])
  })

  it('the document leads to the server', async () => {
    const { proxy } = await behindProxy(true)
    const url = `${proxy.url}/openapi.json`
    const { servers } = await ask('GET', url)
    const server = new URL(servers[0].url, url).href
    expect(await ask('GET', new URL('./livez', server).href)).toEqual({ alive: true })
  })
})

/** A browser asks for an icon of its own accord. */
function withoutIcon({ strays }: PrefixProxy): string[] {
  return strays.filter((stray) => stray !== 'GET /favicon.ico')
}

/** A Weir of which the proxy is known by name. */
async function behindProxy(forwardsHost: boolean): Promise<{ proxy: PrefixProxy; direct: string }> {
  const proxy = await prefixProxyForTest('/weir', forwardsHost)
  const weir = await weirForTest({ WEIR_ALLOWED_HOSTS: proxy.host })
  proxy.leadTo(weir.port)
  return { proxy, direct: weir.url }
}
