import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LanguageName } from './languages.ts'
import { forgetFound } from './outcome.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs the suite test/clients for the workers of these languages, with further arguments for vitest. Resolves with
 * whether all of it passed.
 */
export async function runSuite(names: readonly LanguageName[], args: readonly string[]): Promise<boolean> {
  forgetFound()
  const files = [...names, 'polls', 'story'].map((name) => `test/clients/${name}.test.ts`)
  const reporters = [
    '--reporter=./test/clients/run-report.ts',
    ...(args.length > 0 ? args : ['--reporter=default'])
  ]
  // The tests of a language mostly wait, so all languages run at once.
  const workers = `--maxWorkers=${files.length}`
  const child = spawn('npx', ['vitest', 'run', '--project', 'clients', workers, ...files, ...reporters], {
    cwd: ROOT,
    env: { ...process.env, CLIENTS: names.join(',') },
    stdio: 'inherit'
  })
  process.once('exit', () => child.kill())
  const [code] = await once(child, 'exit')
  return code === 0
}
