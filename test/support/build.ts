import { execFileSync } from 'node:child_process'

/** Builds dist/ once, before the suites that start it. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
}
