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
 * The attackers, in a process of their own, so that what they cost is not taken for what well-behaved clients wait for.
 * The process gets one argument, a `Mission` as JSON, reports "ready" once its streams exist, attacks until the time is
 * over, and reports its tally.
 */

export interface Mission extends Target {
  readonly seed: number
  readonly seconds: number
  /** The names of its attacks. */
  readonly attacks: readonly string[]
}

/** How often an attack ran, and how often each status was its answer; 0 is a connection that was closed. */
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
  const begin = (name: string) => siegeOf(target, random, tally, name, over.signal)
  const first = begin('prepare')
  await prepareStreams(first.siege)
  const chosen = ATTACKS.filter(({ name }) => attacks.includes(name))
  for (const { prepare } of chosen) await prepare?.(first.siege)
  await first.end()
  delete tally['prepare']
  process.send?.('ready')

  const timer = setTimeout(() => over.abort(), seconds * 1000)
  let deck: Attack[] = []
  const fight = async (): Promise<void> => {
    while (!over.signal.aborted) {
      // Each attack has its turn before any has a second one.
      if (deck.length === 0) deck = shuffled(chosen, random)
      const next = deck.pop() as Attack
      const { siege, end } = begin(next.name)
      await next.run(siege)
      await end()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fight))
  clearTimeout(timer)
  process.send?.(tally)
  process.disconnect()
}

function siegeOf(target: Target, random: Random, tally: Tally, name: string, over: AbortSignal) {
  const connections = new Connections(target.port)
  const count = tally[name] ?? { runs: 0, statuses: {} }
  tally[name] = count
  count.runs++
  let isOver = false
  const saw = (status: number): void => {
    // Connections that the attack itself closes have no answer.
    if (!isOver) count.statuses[status] = (count.statuses[status] ?? 0) + 1
  }
  const siege: AttackContext = {
    target,
    connections,
    random,
    watch: (socket: Socket) => void statusOf(socket).then(saw),
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
      saw(status)
      return status
    }
  }
  const end = async (): Promise<void> => {
    isOver = true
    await connections.close()
  }
  return { siege, end }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  const result: T[] = []
  while (left.length > 0) result.push(...left.splice(random.integer(0, left.length - 1), 1))
  return result
}
