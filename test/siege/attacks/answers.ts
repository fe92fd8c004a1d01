import type { Attack } from '../attack.ts'
import { headOf, postOf } from '../raw-requests.ts'
import { LARGE, LONG, STREAM } from './streams.ts'

/** Attacks with answers that nobody reads, and with answers that are expensive to compute. */
export const ANSWERS: readonly Attack[] = [
  {
    name: 'unread-pages',
    about: 'The largest pages of entries, which nobody reads',
    async run({ target, connections, hold }) {
      for (let n = 0; n < 40; n++) connections.open(headOf(target, { path: `${LARGE}/entries?limit=1000` }))
      await hold()
    }
  },
  {
    name: 'unread-entries',
    about: 'Large answers of every other kind, which nobody reads',
    async run({ target, connections, random, hold }) {
      const paths = [LARGE, `${LARGE}/full?limit=1000`, `${LARGE}/groups`, '/v1/streams?limit=1000']
      for (let n = 0; n < 60; n++) connections.open(headOf(target, { path: random.pick(paths) }))
      await hold()
    }
  },
  {
    name: 'unread-small-answers',
    about: 'Thousands of small requests on one connection, whose answers nobody reads',
    async run({ target, connections, hold }) {
      const request = headOf(target, { path: `${LONG}/entries?limit=100` })
      for (let n = 0; n < 20; n++) connections.open(request.repeat(500))
      await hold()
    }
  },
  {
    name: 'unread-deliveries',
    about: 'Reads of a group whose answers nobody reads, several on each connection',
    async run({ target, connections, hold }) {
      const read = postOf(target, `${LARGE}/groups/raiders/read`, '{"consumer":"mallory","count":1000}')
      for (let n = 0; n < 20; n++) connections.open(read.repeat(5))
      await hold()
    }
  },
  {
    name: 'unread-event-streams',
    about: 'Event streams whose clients never read',
    async run({ target, connections, random, hold }) {
      for (let n = 0; n < 40; n++) {
        connections.open(headOf(target, { path: `${random.oneOf(LARGE, LONG)}/tail?from=0-0` }))
      }
      await hold()
    }
  },
  {
    name: 'descriptions',
    about: 'Descriptions of a stream with many groups, consumers and pending entries',
    async run({ ask }) {
      for (let n = 0; n < 5; n++) {
        await ask('GET', `${LONG}/full?limit=1000`)
        await ask('GET', `${STREAM}/full?limit=1000`)
      }
    }
  }
]
