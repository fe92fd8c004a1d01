import { expect, it, onTestFinished } from 'vitest'
import { DeathCounts } from '../../src/redis/commands/death-counts.ts'
import { GroupReads } from '../../src/redis/commands/group-reads.ts'
import { Groups } from '../../src/redis/commands/groups.ts'
import { Policies } from '../../src/redis/commands/policies.ts'
import { Queues } from '../../src/redis/commands/queues.ts'
import { StreamCommands } from '../../src/redis/commands/stream-commands.ts'
import { parseAddress } from '../../src/redis/connection/address.ts'
import { Keys } from '../../src/redis/connection/keys.ts'
import { openNodes } from '../../src/redis/connection/open-nodes.ts'
import { LongPolls } from '../../src/redis/waiting/long-polls.ts'
import { Reconciler } from '../../src/redis/waiting/reconciler.ts'
import { Redelivery } from '../../src/redis/waiting/redelivery.ts'
import { describeOnServer } from '../support/on-server.ts'
import { redisForTest } from '../support/redis-engine.ts'

const SILENT = { onUp() {}, onDown() {} }
const ignore = () => {}

describeOnServer('the idle times of a group', () => {
  it('are forgotten when a reader finds that a native client has deleted the stream or the group', async () => {
    const server = await redisForTest()
    const address = parseAddress(server.url)
    if (address === undefined) throw new Error('The server has no address')
    const nodes = openNodes(address, SILENT)
    await nodes.opened
    const keys = new Keys('')
    const commands = new StreamCommands(nodes, keys)
    const longPolls = new LongPolls({
      maxWaiting: 10,
      watch: ignore,
      watchIdle: ignore,
      trouble: () => undefined
    })
    const reconciler = new Reconciler(commands, longPolls)
    onTestFinished(() => {
      reconciler.close()
      nodes.close()
    })
    const redelivery = new Redelivery(commands, ignore, ignore)
    const deaths = new DeathCounts()
    const queues = new Queues()
    const reads = new GroupReads({
      commands,
      longPolls,
      reconciler,
      redelivery,
      deaths,
      queues,
      onChanged: ignore
    })
    const groups = new Groups(commands, new Policies(nodes, keys, commands), () => false)
    for (let cycle = 0; cycle < 50; cycle++) {
      const stream = `orders-${cycle}`
      const ref = { stream, group: 'billing' }
      const options = { after: 0n, createStream: true, onlyNew: true }
      await groups.ensureGroup({ ...ref, ...options })
      const request = {
        group: 'billing',
        consumer: 'ann',
        streams: [{ stream }],
        count: 1,
        waitMs: 0,
        noAck: false
      }
      const read = () => reads.readGroups({ ...request, claimIdleMs: 0 }, new AbortController().signal)
      await read()
      expect(reconciler.idleTimes.size).toBe(1)
      if (cycle % 2 === 0) await server.command('DEL', stream)
      else await server.command('XGROUP', 'DESTROY', stream, 'billing')
      const code = cycle % 2 === 0 ? 'stream-not-found' : 'group-not-found'
      await expect(read()).rejects.toMatchObject({ code })
      expect(reconciler.idleTimes.size).toBe(0)
    }
  })
})
