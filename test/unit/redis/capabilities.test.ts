import { describe, expect, it } from 'vitest'
import { capabilitiesOf, UnsuitableServer } from '../../../src/redis/capabilities.ts'
import type { Reply } from '../../../src/redis/client.ts'

describe('capabilitiesOf', () => {
  it('knows a server by what it says of itself', async () => {
    expect(await of({ info: 'redis_version:7.0.15' })).toEqual({ server: 'Redis 7.0.15', knowsClaim: false })
    const valkey = 'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2'
    expect(await of({ info: valkey })).toEqual({ server: 'Valkey 9.1.2', knowsClaim: false })
  })

  it('finds CLAIM among the arguments of XREADGROUP', async () => {
    const argument = ['name', 'min-idle-time', 'type', 'integer', 'token', 'CLAIM']
    const docs = ['xreadgroup', ['summary', 'CLAIM', 'arguments', [['name', 'group'], argument]]]
    expect(await of({ info: 'redis_version:8.4.0', docs })).toMatchObject({ knowsClaim: true })
    const others = ['xreadgroup', ['summary', 'CLAIM', 'arguments', [['token', 'BLOCK']]]]
    expect(await of({ info: 'redis_version:8.2.0', docs: others })).toMatchObject({ knowsClaim: false })
  })

  it('refuses a server before 7.0 for good', async () => {
    await expect(of({ info: 'redis_version:6.2.14' })).rejects.toThrow(UnsuitableServer)
    await expect(of({ info: 'redis_version:6.2.14' })).rejects.toThrow('this is Redis 6.2.14')
  })

  it('refuses a replica for now', async () => {
    const replica = of({ info: 'redis_version:7.0.15\r\nrole:slave' })
    await expect(replica).rejects.toMatchObject({ code: 'engine-unavailable' })
    await expect(replica).rejects.not.toThrow(UnsuitableServer)
  })
})

/** What is found out of a server that answers like this. */
function of({ info, docs = [] }: { info: string; docs?: Reply }) {
  const answers: Record<string, Reply> = { PING: 'PONG', INFO: `# Server\r\n${info}\r\n`, COMMAND: docs }
  return capabilitiesOf({
    sendCommand: async ([name = '']) => answers[name],
    subscribe: async () => {},
    destroy: () => {}
  })
}
