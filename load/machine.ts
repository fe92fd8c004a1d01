import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Setting } from './setting.ts'

/** What the figures depend on, in a line. `nodes` are the versions of those that run Weir. */
export function machine(engine: Setting['engine'], nodes: readonly string[]): string {
  const [cpu] = cpus()
  const gib = (totalmem() / 1024 ** 3).toFixed(0)
  return [
    `${cpus().length} × ${cpu?.model.trim() || 'unknown processor'}`,
    `${gib} GiB`,
    `${process.platform} ${process.arch}`,
    nodeLine(nodes),
    engine === 'redis'
      ? 'engine redis, appendfsync always'
      : `fsync ${process.env['WEIR_FSYNC'] || 'always'}`,
    `commit ${commit()}`
  ].join(', ')
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
