import type { Attack } from '../attack.ts'
import { headOf } from '../raw-requests.ts'
import { ENTRIES, STREAM } from './streams.ts'

/** Attacks with connections, and with requests that are not valid HTTP. */
export const CONNECTIONS: readonly Attack[] = [
  {
    name: 'connection-flood',
    about: 'Thousands of connections that send nothing',
    async run({ connections, hold }) {
      for (let n = 0; n < 2000; n++) connections.open('')
      await hold()
    }
  },
  {
    name: 'odd-requests',
    about: 'Requests that two parsers could read in two ways',
    async run({ target, connections, watch, hold }) {
      const post = { method: 'POST', path: ENTRIES }
      const json = { 'content-type': 'application/json' }
      const odd = [
        headOf(target, { path: STREAM }).replace('\r\n', '\r\nhost: elsewhere\r\n'),
        headOf(target, { ...post, headers: { ...json, 'transfer-encoding': 'gzip, chunked' } }),
        headOf(target, {
          ...post,
          headers: { ...json, 'transfer-encoding': 'chunked', 'content-length': '5' }
        }),
        headOf(target, { ...post, headers: { ...json, 'transfer-encoding': 'chunked' } }).replace(
          '/1.1',
          '/1.0'
        ),
        headOf(target, { path: '/console/%00' }),
        headOf(target, { path: `/v1/streams/${'x'.repeat(10_000)}` }),
        'GET / HTTP/9.9\r\n\r\n',
        '\0'.repeat(1000)
      ]
      for (const bytes of odd) watch(connections.open(bytes))
      await hold()
    }
  }
]
