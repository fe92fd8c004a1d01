import type { Attack } from '../attack.ts'
import { postOf } from '../raw-requests.ts'
import { ENTRIES, GROUP, PREFIX, STREAM } from './streams.ts'

const PLACES = 100

/** Attacks with readers that wait. */
export const WAITING: readonly Attack[] = [
  {
    name: 'woken-crowd',
    about: 'Many long polls that one large append wakes at the same time',
    async run({ target, connections, ask, hold }) {
      const read = JSON.stringify({ streams: [{ stream: PREFIX, after: 'last' }], waitMs: 10_000 })
      for (let n = 0; n < 100; n++) connections.open(postOf(target, '/v1/read', read))
      await hold()
      await ask('POST', ENTRIES, {
        entries: [{ fields: { text: 'x'.repeat(target.bodyLimitBytes - 1000) } }]
      })
      await hold()
    }
  },
  {
    name: 'wide-readers',
    about: 'Readers that each wait at many streams',
    async prepare({ ask }) {
      for (let n = 0; n < PLACES; n++) await ask('PUT', `${STREAM}-${n}`, {})
    },
    async run({ target, connections, watch, hold }) {
      const streams = Array.from({ length: PLACES }, (_, n) => ({ stream: `${PREFIX}-${n}`, after: 'last' }))
      const read = postOf(target, '/v1/read', JSON.stringify({ streams, waitMs: 10_000 }))
      for (let n = 0; n < 300; n++) watch(connections.open(read))
      await hold()
    }
  },
  {
    name: 'many-readers',
    about: 'As many waiting readers as there are connections, which then hang up',
    async run({ target, connections, watch, hold }) {
      const read = postOf(target, `${GROUP}/read`, '{"consumer":"mallory","waitMs":10000}')
      for (let n = 0; n < 1000; n++) watch(connections.open(read))
      await hold()
    }
  },
  {
    name: 'hang-ups',
    about: 'Several reads at once on a connection that closes without reading',
    async run({ target, connections, ask, random }) {
      const entries = Array.from({ length: 50 }, (_, n) => ({ fields: { n: `${n}` } }))
      await ask('POST', ENTRIES, { entries })
      const read = postOf(target, `${GROUP}/read`, '{"consumer":"mallory","count":5}')
      for (let n = 0; n < 20; n++) {
        const socket = connections.open(read.repeat(5))
        setTimeout(() => socket.resetAndDestroy(), random.integer(0, 50))
      }
    }
  }
]
