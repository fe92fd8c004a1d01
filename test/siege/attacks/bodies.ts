import type { Attack } from '../attack.ts'
import { headOf, postOf, type Target } from '../raw-requests.ts'
import { ENTRIES, GROUP } from './streams.ts'

/** The head of an append, with these headers about its body. */
function appendHead(target: Target, headers: Record<string, string>): string {
  return headOf(target, {
    method: 'POST',
    path: ENTRIES,
    headers: { 'content-type': 'application/json', ...headers }
  })
}

/** Attacks with request bodies, complete and incomplete. */
export const BODIES: readonly Attack[] = [
  {
    name: 'unfinished-bodies',
    about: 'Large bodies, each short of its last 10 bytes',
    async run({ target, connections, watch, hold }) {
      const bytes = target.bodyLimitBytes
      const head = appendHead(target, { 'content-length': `${bytes}` })
      const body = Buffer.alloc(bytes - 10, ' ')
      for (let n = 0; n < 30; n++) {
        const socket = connections.open(head)
        socket.write(body)
        watch(socket)
      }
      await hold()
    }
  },
  {
    name: 'silent-heads',
    about: 'Heads that announce a large body that never follows',
    async run({ target, connections, watch, hold }) {
      const head = appendHead(target, { 'content-length': `${target.bodyLimitBytes}` })
      for (let n = 0; n < 100; n++) watch(connections.open(head))
      await hold()
    }
  },
  {
    name: 'endless-chunks',
    about: 'Chunked bodies that never end',
    async run({ target, connections, watch, hold }) {
      const head = appendHead(target, { 'transfer-encoding': 'chunked' })
      const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
      for (let n = 0; n < 30; n++) {
        const socket = connections.open(head)
        for (let chunks = 0; chunks < 32; chunks++) socket.write(chunk)
        watch(socket)
      }
      await hold()
    }
  },
  {
    name: 'blank-reads',
    about: 'Reads that wait, each with a body of blanks',
    async run({ target, connections, watch, hold }) {
      const read = '{"consumer":"mallory","waitMs":5000}'
      const body = read.padEnd(target.bodyLimitBytes - 1, ' ')
      for (let n = 0; n < 10; n++) watch(connections.open(postOf(target, `${GROUP}/read`, body)))
      await hold()
    }
  },
  {
    name: 'many-fields',
    about: 'Appends of one entry with as many fields as fit into a body, which are more than are allowed',
    async run({ target, ask }) {
      const count = Math.floor(target.bodyLimitBytes / 16)
      const fields = Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, '']))
      await ask('POST', ENTRIES, { entries: [{ fields }] })
    }
  }
]
