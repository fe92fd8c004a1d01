import { readFileSync } from 'node:fs'
import type { RedisServer } from './redis-server.ts'

/** The rules of the README for Weir's user, and what a Cluster takes besides. */
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [, RULES = ''] = /^ACL SETUSER weir (.*?)^```/ms.exec(README) ?? []
const [, CLUSTER_RULES = ''] = /^A Cluster needs `(.*?)`/m.exec(README) ?? []

const PASSWORD = 'secret'

/** Makes the user that the README describes, and returns the URL to log in with. */
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

/** Commands that the README lists, as in "client|id". */
export function listedCommands(): string[] {
  return [...RULES.matchAll(/\+(\S+)/g)].map(([, command = '']) => command)
}
