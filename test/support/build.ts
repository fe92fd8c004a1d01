import { execFileSync } from 'node:child_process'

/** Builds dist/ once, before the suites that start it. Each project with such suites loads this file separately. */
export function setup(): void {
  if (process.env['DIST_IS_BUILT'] !== undefined) return
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
  process.env['DIST_IS_BUILT'] = '1'
}
