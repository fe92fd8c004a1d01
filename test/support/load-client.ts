import { onTestFinished } from 'vitest'
import { HttpClient } from '../../load/clients/http-client.ts'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import { serverForTest, type TestServer } from './server.ts'

interface Options {
  /** The delivery policy of the group. Default: none. */
  readonly delivery?: DeliveryPolicy
  /** Default: a new server without any data. */
  readonly server?: TestServer
}

/** Makes a server listen on loopback, and returns a client of the load tests for it. */
export async function loadClient({ delivery, server }: Options = {}): Promise<HttpClient> {
  const { app } = server ?? (await serverForTest())
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const client = new HttpClient(Number(new URL(address).port), delivery)
  onTestFinished(() => client.close())
  return client
}
