import { expect, it } from 'vitest'
import { describeInBrowser, tryOut } from '../support/browser.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { type PrefixProxy, prefixProxyForTest } from '../support/prefix-proxy.ts'
import { weirForTest } from '../support/weir.ts'

describeInBrowser('behind a proxy that serves Weir under a path', (visit) => {
  it.each([
    ['replaces', false],
    ['forwards', true]
  ])('and %s Host, the console can read, append and follow a stream', async (_, forwardsHost) => {
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

  it.each(['/docs', '/docs/', '/docs?a=b', '/docs/?a=b', '/docs/#/ensureStream', 'the link in the console'])(
    'the API documentation loads completely from %s',
    async (path) => {
      const { proxy } = await behindProxy(true)
      const page = await visit(proxy.url)
      if (path.startsWith('/')) await page.goto(proxy.url + path)
      else await page.getByRole('link', { name: 'API' }).click()
      await page.getByRole('navigation', { name: 'Operations' }).getByText('ensureStream').click()
      await page.getByRole('heading', { name: 'Create a stream if it does not exist' }).waitFor()
      await page.getByRole('link', { name: 'Overview' }).click()
      const link = page.getByRole('link', { name: 'openapi.json' })
      const document = await fetch(new URL((await link.getAttribute('href')) ?? '', page.url()))
      expect(await document.json()).toMatchObject({ openapi: '3.0.3' })
      await page.getByRole('link', { name: 'Console' }).click()
      await page.getByRole('heading', { name: 'Streams' }).waitFor()
      expect(proxy.strays).toEqual([])
    }
  )

  it('requests and samples of the API documentation have the address of the server', async () => {
    const { proxy, direct } = await behindProxy(true)
    const page = await visit(proxy.url, '#/', { at: 'docs' })
    await tryOut(page, 'ensureStream', 200)
    expect((await ask('GET', `${direct}/v1/streams/orders`)).name).toBe('orders')
    expect(await page.getByRole('tabpanel').textContent()).toContain(`'${proxy.url}/v1/streams/orders'`)
    expect(proxy.strays).toEqual([])
  })

  it('the OpenAPI document has the URL of the server', async () => {
    const { proxy } = await behindProxy(true)
    const url = `${proxy.url}/openapi.json`
    const { servers } = await ask('GET', url)
    const server = new URL(servers[0].url, url).href
    expect(await ask('GET', new URL('./livez', server).href)).toEqual({ alive: true })
  })
})

/** Starts Weir behind a proxy, with the proxy's name as an allowed host. */
async function behindProxy(forwardsHost: boolean): Promise<{ proxy: PrefixProxy; direct: string }> {
  const proxy = await prefixProxyForTest('/weir', forwardsHost)
  const weir = await weirForTest({ WEIR_ALLOWED_HOSTS: proxy.host })
  proxy.forwardTo(weir.port)
  return { proxy, direct: weir.url }
}
