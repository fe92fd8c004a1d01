import { availableParallelism } from 'node:os'

/** What V8 has in Node when nothing was asked for. */
const DEFAULT_WORKERS = 4

/** Threads that V8 collects garbage and compiles on, as far as Node's flags and NODE_OPTIONS tell. */
export function v8Workers(
  flags: readonly string[] = process.execArgv,
  nodeOptions = process.env['NODE_OPTIONS'] ?? ''
): number {
  const all = [...nodeOptions.split(/\s+/), ...flags].join(' ')
  const sizes = [...all.matchAll(/--v8[-_]pool[-_]size[= ](\d+)/g)].map(([, size]) => Number(size))
  const asked = sizes.at(-1)
  // Zero stands for one fewer than the processors.
  return asked === 0 ? Math.max(1, availableParallelism() - 1) : (asked ?? DEFAULT_WORKERS)
}
