import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Of Linux' clock that processes are charged by. */
const TICKS_A_SECOND = 100

/**
 * Tells how many processors' worth of work a server (all of its processes), the generator (this process, and those
 * that work for it) and everybody else on the machine do from now on until the function that it gives is called.
 * Figures are worth something only when the others do next to nothing.
 */
export function watchProcessors(server: readonly number[], generator: readonly number[] = []): () => string {
  const startedAt = performance.now()
  const before = usedSeconds(server, generator)
  return () => {
    const seconds = (performance.now() - startedAt) / 1000
    const after = usedSeconds(server, generator)
    const generators = (after.generator - before.generator) / seconds
    const servers = (after.server - before.server) / seconds
    const others = Math.max(0, (after.machine - before.machine) / seconds - generators - servers)
    const shares = `server ${servers.toFixed(2)}, generator ${generators.toFixed(2)}, others ${others.toFixed(2)}`
    return `of ${cpus().length} processors: ${shares}`
  }
}

function usedSeconds(serverPids: readonly number[], generatorPids: readonly number[]) {
  const machineMs = cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0
  )
  const { user, system } = process.cpuUsage()
  return {
    machine: machineMs / 1000,
    generator: (user + system) / 1e6 + secondsOfAll(generatorPids),
    server: secondsOfAll(serverPids)
  }
}

/** What processes, with all their threads, used of the processors since they began. */
export function secondsOfAll(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + secondsOf(pid), 0)
}

/** Where there is no /proc, the server counts among the others. */
export function secondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After the name, which may hold anything, in parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  } catch {
    return 0
  }
}
