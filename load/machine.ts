import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Setting } from './setting.ts'

/** Describes in one line what the figures depend on. `nodes`: the versions of Node that run Weir. */
export function machine(engine: Setting['engine'], nodes: readonly string[]): string {
  const [cpu] = cpus()
  const gib = (totalmem() / 1024 ** 3).toFixed(0)
  return [
    `${cpus().length} × ${cpu?.model.trim() || 'unknown processor'}`,
    `${gib} GiB with ${randomReadNs().toFixed(0)} ns for a random read of ${READ_MIB} MiB`,
    `${process.platform} ${process.arch}`,
    nodeLine(nodes),
    engine === 'redis'
      ? 'engine redis, appendfsync always'
      : `fsync ${process.env['WEIR_FSYNC'] || 'always'}`,
    `commit ${commit()}`
  ].join(', ')
}

const READ_MIB = 64
/** How many integers a cache line of the processor holds. */
const LINE = 16
const READS = 1_000_000

/**
 * How long a random read from memory takes. The memory is so large that caches and address translation hardly help. On
 * a shared machine, the result varies by the hour.
 */
function randomReadNs(): number {
  const lines = (READ_MIB << 20) / (4 * LINE)
  const order = Uint32Array.from({ length: lines }, (_, line) => line)
  // Sattolo's shuffle: one cycle through all lines.
  for (let last = lines - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * last)
    const line = order[last] as number
    order[last] = order[other] as number
    order[other] = line
  }
  const next = new Uint32Array(lines * LINE)
  for (let line = 0; line < lines; line++) next[line * LINE] = (order[line] as number) * LINE
  let at = 0
  const start = performance.now()
  for (let read = 0; read < READS; read++) at = next[at] as number
  const ns = ((performance.now() - start) / READS) * 1e6
  // Uses the last position, so that the compiler cannot remove the loop.
  return at < next.length ? ns : Number.NaN
}

/** Names the Node that runs Weir, and the one that generates the load if it is different. */
function nodeLine(nodes: readonly string[]): string {
  const line = `Node ${nodes.join(' and ')}`
  return nodes.every((version) => version === process.version)
    ? line
    : `${line} (the load comes from ${process.version})`
}

/** The version of the Node at this path. Throws an Error with a sentence for the user if it does not run. */
export function nodeVersion(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  } catch (error) {
    throw new Error(`Cannot run Node at ${node}: ${error}`)
  }
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes')
  } catch {
    return 'unknown'
  }
}
