import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** The unit of processor time in Linux' /proc. */
const TICKS_PER_SECOND = 100

/**
 * Measures the processor time of a server (all its processes), of the load generator (this process and its workers),
 * and of all other processes of the machine. Returns a function that ends the measurement and describes how many
 * processors each of them kept busy. Results are reliable only if the other processes used next to nothing.
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

/** The processor time of processes, with all their threads, since they started. */
export function secondsOfAll(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + secondsOf(pid), 0)
}

/** The same for one process. 0 without /proc: then the server counts among the other processes. */
export function secondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The fields follow the name, which is in parentheses and may contain any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return 0
  }
}
