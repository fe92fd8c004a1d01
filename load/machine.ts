import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Setting } from './setting.ts'

/** What the figures depend on, in a line. `nodes` are the versions of those that run Weir. */
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
/** Integers in a line of the processors' caches. */
const LINE = 16
const READS = 1_000_000

/** How long a read takes where caches and address translation help little. On a shared machine this differs between hours. */
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
  // It uses where the walk ended, so that no compiler can leave the walk out.
  return at < next.length ? ns : Number.NaN
}

/** The Node that generates the load is named where it is another one. */
function nodeLine(nodes: readonly string[]): string {
  const line = `Node ${nodes.join(' and ')}`
  return nodes.every((version) => version === process.version)
    ? line
    : `${line} (the load comes from ${process.version})`
}

/** What a Node says of itself. Throws a sentence if there is none at this path. */
export function nodeVersion(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  } catch (error) {
    throw new Error(`${node} is not a Node that runs here: ${error}`)
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
