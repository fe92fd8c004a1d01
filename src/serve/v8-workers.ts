import { availableParallelism } from 'node:os'

/** Node's default. */
const DEFAULT_WORKERS = 4

/**
 * Number of threads on which V8 collects garbage and compiles, according to Node's flags and NODE_OPTIONS.
 */
export function v8Workers(
  flags: readonly string[] = process.execArgv,
  nodeOptions = process.env['NODE_OPTIONS'] ?? ''
): number {
  const all = [...nodeOptions.split(/\s+/), ...flags].join(' ')
  const sizes = [...all.matchAll(/--v8[-_]pool[-_]size[= ](\d+)/g)].map(([, digits]) => Number(digits))
  const size = sizes.at(-1)
  // Zero means one fewer than there are processors.
  return size === 0 ? Math.max(1, availableParallelism() - 1) : (size ?? DEFAULT_WORKERS)
}
