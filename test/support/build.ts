import { execFileSync } from 'node:child_process'

/** Builds dist/ once, before the suites that start it. Each project that has such suites loads this file anew. */
export function setup(): void {
  if (process.env['DIST_IS_BUILT'] !== undefined) return
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
  process.env['DIST_IS_BUILT'] = '1'
}
