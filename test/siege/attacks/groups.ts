import type { Attack } from '../attack.ts'
import { fill, GROUP, LONG, PREFIX, STREAM } from './streams.ts'

const MAX_ID = '18446744073709551615-18446744073709551615'

const FAR = `/v1/streams/${PREFIX}-far`

/** Attacks with groups, consumers and streams. */
export const GROUPS: readonly Attack[] = [
  {
    name: 'never-acked',
    about: 'Entries that are read and never acked',
    async run({ ask, random }) {
      const group = `${LONG}/groups/hoard-${random.integer(1, 20)}`
      await ask('PUT', group, {})
      for (let n = 0; n < 10; n++) {
        await ask('POST', `${group}/read`, { consumer: `mallory-${random.integer(1, 50)}`, count: 1000 })
      }
    }
  },
  {
    name: 'many-consumers',
    about: 'Thousands of consumers with long names, and lists of them',
    async run({ ask, random }) {
      const name = `${random.integer(0, 1_000_000)}-`.padEnd(250, 'x')
      for (let n = 0; n < 300; n++) await ask('PUT', `${GROUP}/consumers/${name}${n}`)
      await ask('GET', `${GROUP}/consumers?limit=1000`)
      await ask('GET', `${GROUP}/pending/summary`)
      await ask('GET', `${STREAM}/groups?limit=1000`)
    }
  },
  {
    name: 'far-ids',
    about: 'The highest ids, after which a stream or a group could not continue',
    async run({ ask }) {
      await ask('PUT', `${FAR}/groups/raiders`, { createStream: true })
      await ask('POST', `${FAR}/groups/raiders/claim`, { consumer: 'mallory', ids: ['1-1'], lastId: MAX_ID })
      await ask('POST', `${FAR}/entries`, { entries: [{ id: MAX_ID, fields: { a: 'b' } }] })
      await ask('DELETE', FAR)
    }
  },
  {
    name: 'large-trims',
    about: 'A long stream that is trimmed to nothing, or deleted, and filled again',
    async run({ ask, random }) {
      if (random.once(2)) await ask('POST', `${LONG}/trim`, { maxLength: 0 })
      else await ask('DELETE', LONG)
      await fill(ask)
      await ask('PUT', `${LONG}/groups/raiders`, {})
    }
  },
  {
    name: 'many-streams',
    about: 'Streams and groups that are created and deleted',
    async run({ ask, random }) {
      const first = random.integer(0, 1_000_000)
      for (let n = first; n < first + 200; n++)
        await ask('PUT', `/v1/streams/${PREFIX}-new-${n}/groups/g`, { createStream: true })
      for (let n = first; n < first + 200; n++) await ask('DELETE', `/v1/streams/${PREFIX}-new-${n}`)
    }
  }
]
