import { IS_ON_REDIS } from './on-redis.ts'
import { START, serverForTest, type TestServer } from './server.ts'

export const STREAM = '/v1/streams/orders'
export const GROUP = `${STREAM}/groups/billing`

/** Ids of the entries in the stream of a queue. */
export const [FIRST, SECOND, THIRD] = [`${START}-0`, `${START}-1`, `${START}-2`] as const

/** A server with three orders and a group with this delivery policy. Without one, the group has none. */
export async function queueForTest(
  delivery?: object,
  options: Parameters<typeof serverForTest>[0] = {},
  headers: Record<string, string> = {}
): Promise<TestServer> {
  const server = await serverForTest(options)
  const { send } = server
  const entries = [FIRST, SECOND, THIRD].map((id) => ({ id, fields: { order: id } }))
  await send('POST', `${STREAM}/entries`, { entries }, headers)
  await send('PUT', GROUP, delivery === undefined ? {} : { delivery }, headers)
  return server
}

/** Lets time pass for the engine. On Redis, where a test cannot set the clock, it passes by itself. */
export async function pass({ clock }: TestServer, ms: number): Promise<void> {
  if (IS_ON_REDIS) await new Promise((resolve) => setTimeout(resolve, ms + 20))
  else clock.now += ms
}

/** Reads as a consumer. Returns the whole answer. */
export async function read({ send }: TestServer, consumer: string, how: object = {}) {
  const { status, body } = await send('POST', `${GROUP}/read`, { consumer, count: 1, ...how })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

export async function nack({ send }: TestServer, ids: string[], outcome: string, how: object = {}) {
  return (await send('POST', `${GROUP}/nack`, { ids, outcome, ...how })).body
}

/** The values of a metric by the text of its labels, or the value of one without labels under ''. */
export async function metric({ metrics }: TestServer, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.text()).matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))
  return Object.fromEntries([...lines].map(([, labels = '', value]) => [labels, Number(value)]))
}
