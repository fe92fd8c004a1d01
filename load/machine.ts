import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { WeirOptions } from './server.ts'

/** What the figures depend on, in a line. */
export function machine({ engine }: WeirOptions): string {
  const [cpu] = cpus()
  const gib = (totalmem() / 1024 ** 3).toFixed(0)
  return [
    `${cpus().length} × ${cpu?.model.trim() || 'unknown processor'}`,
    `${gib} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.version}`,
    engine === 'redis'
      ? 'engine redis, appendfsync always'
      : `fsync ${process.env['WEIR_FSYNC'] || 'always'}`,
    `commit ${commit()}`
  ].join(', ')
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes')
  } catch {
    return 'unknown'
  }
}
