import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../support/random.ts'
import type { Attack, AttackContext } from './attack.ts'
import { ANSWERS } from './attacks/answers.ts'
import { BODIES } from './attacks/bodies.ts'
import { CONNECTIONS } from './attacks/connections.ts'
import { GROUPS } from './attacks/groups.ts'
import { prepareStreams } from './attacks/streams.ts'
import { WAITING } from './attacks/waiting.ts'
import { Connections, headOf, postOf, statusOf, type Target } from './raw-requests.ts'

/*
 * The attackers. They run in a process of their own, so that their work does not slow down the well-behaved clients.
 * The process gets one argument, a `Mission` as JSON. It reports "ready" once its streams exist, attacks until the
 * time is over, and reports its tally.
 */

export interface Mission extends Target {
  readonly seed: number
  readonly seconds: number
  /** The names of its attacks. */
  readonly attacks: readonly string[]
}

/** How often an attack ran, and how often it got each status. 0 stands for a closed connection. */
export type Tally = Record<string, { runs: number; statuses: Record<string, number> }>

export const ATTACKS: readonly Attack[] = [...BODIES, ...ANSWERS, ...WAITING, ...GROUPS, ...CONNECTIONS]

/** Attacks that run at the same time. */
const AT_ONCE = 3
const HOLD_MS = [500, 4000] as const

const [argument] = process.argv.slice(2)
if (argument !== undefined && process.send !== undefined) await attack(JSON.parse(argument))

async function attack({ seed, seconds, attacks, ...target }: Mission): Promise<void> {
  const random = new Random(seed)
  const tally: Tally = {}
  const over = new AbortController()
  const begin = (name: string) => contextOf(target, random, tally, name, over.signal)
  const first = begin('prepare')
  await prepareStreams(first.context)
  const chosen = ATTACKS.filter(({ name }) => attacks.includes(name))
  for (const { prepare } of chosen) await prepare?.(first.context)
  await first.end()
  delete tally['prepare']
  process.send?.('ready')

  const timer = setTimeout(() => over.abort(), seconds * 1000)
  let deck: Attack[] = []
  const attackInTurn = async (): Promise<void> => {
    while (!over.signal.aborted) {
      // Every attack runs once before any of them runs again.
      if (deck.length === 0) deck = shuffled(chosen, random)
      const next = deck.pop() as Attack
      const { context, end } = begin(next.name)
      await next.run(context)
      await end()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, attackInTurn))
  clearTimeout(timer)
  process.send?.(tally)
  process.disconnect()
}

function contextOf(target: Target, random: Random, tally: Tally, name: string, over: AbortSignal) {
  const connections = new Connections(target.port)
  const count = tally[name] ?? { runs: 0, statuses: {} }
  tally[name] = count
  count.runs++
  let isOver = false
  const record = (status: number): void => {
    // Connections that the attack itself closes do not count.
    if (!isOver) count.statuses[status] = (count.statuses[status] ?? 0) + 1
  }
  const context: AttackContext = {
    target,
    connections,
    random,
    watch: (socket: Socket) => void statusOf(socket).then(record),
    hold: () => sleep(random.integer(...HOLD_MS), undefined, { signal: over }).catch(() => undefined),
    async ask(method, path, body) {
      if (over.aborted && name !== 'prepare') return 0
      const bytes =
        body === undefined
          ? headOf(target, { method, path })
          : postOf(target, path, JSON.stringify(body)).replace('POST', method)
      const socket = connections.open(bytes)
      const status = await statusOf(socket)
      socket.destroy()
      record(status)
      return status
    }
  }
  const end = async (): Promise<void> => {
    isOver = true
    await connections.close()
  }
  return { context, end }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  const result: T[] = []
  while (left.length > 0) result.push(...left.splice(random.integer(0, left.length - 1), 1))
  return result
}
