import { read } from './documents.ts'
import type { RedisServer } from './redis-server.ts'

/** The ACL rules of docs/redis.md for Weir's user, and those that a Cluster needs in addition. */
const PAGE = read('docs/redis.md')
const [, RULES = ''] = /^ACL SETUSER weir (.*?)^```/ms.exec(PAGE) ?? []
const [, CLUSTER_RULES = ''] = /^A Cluster needs `(.*?)`/m.exec(PAGE) ?? []

const PASSWORD = 'secret'

/** Creates the user that docs/redis.md describes, and returns the URL to log in with. */
export async function makeUser(server: RedisServer): Promise<string> {
  const rules = RULES.replace('PASSWORD', PASSWORD).trim().split(/\s+/)
  await server.command(
    'ACL',
    'SETUSER',
    'weir',
    ...rules,
    ...(server.isCluster ? CLUSTER_RULES.split(' ') : [])
  )
  return server.url.replace('//', `//weir:${PASSWORD}@`)
}

/** The commands that docs/redis.md lists, in a form like "client|id". */
export function listedCommands(): string[] {
  return [...RULES.matchAll(/\+(\S+)/g)].map(([, command = '']) => command)
}
