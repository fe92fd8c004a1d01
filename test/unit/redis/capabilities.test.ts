import { describe, expect, it } from 'vitest'
import { capabilitiesOf, UnsuitableServer } from '../../../src/redis/connection/capabilities.ts'
import type { Reply } from '../../../src/redis/connection/client.ts'

describe('capabilitiesOf', () => {
  it.each([
    ['redis_version:7.0.15', 'Redis 7.0.15', true],
    ['redis_version:8.0.0', 'Redis 8.0.0', false],
    ['redis_version:10.0.0', 'Redis 10.0.0', false],
    ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:7.2.5', 'Valkey 7.2.5', true],
    ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0', 'Valkey 8.1.0', true],
    ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.0.0', 'Valkey 9.0.0', false]
  ])('identifies a server by its INFO: %s', async (info, server, miscounts) => {
    expect(await of({ info })).toEqual({ server, miscounts, impairment: undefined })
  })

  it('refuses a server before 7.0', async () => {
    await expect(of({ info: 'redis_version:6.2.14' })).rejects.toThrow(UnsuitableServer)
    await expect(of({ info: 'redis_version:6.2.14' })).rejects.toThrow('this server is Redis 6.2.14')
  })

  it('detects that a replica does not accept writes', async () => {
    const replica = await of({ info: 'redis_version:7.0.15\r\nrole:slave' })
    expect(replica.impairment).toBe('Redis is a replica and does not accept writes')
  })
})

/** The capabilities of a server with this INFO. */
function of({ info }: { info: string }) {
  const answers: Record<string, Reply> = { PING: 'PONG', INFO: `# Server\r\n${info}\r\n` }
  return capabilitiesOf({
    sendCommand: async ([name = '']) => answers[name],
    subscribe: async () => {},
    destroy: () => {}
  })
}
