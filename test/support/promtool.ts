import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import { temporaryDirectory } from './weir.ts'

// In CI, a suite fails instead of being skipped.
const canRun = spawnSync('promtool', ['--version']).status === 0 || Boolean(process.env['CI'])
if (!canRun) console.warn('Skipped: promtool not found, so the alerts and the dashboard were not tested.')

/** Like `describe`. Skipped if promtool is not installed. */
export const describeWithPromtool = describe.skipIf(!canRun)

/** Series over some minutes, and the alerts and values that Prometheus must derive from them. */
export interface RuleTest {
  readonly interval: '1m'
  /** For example `up{job="weir"}` with `1x5 0x55`: up for six minutes, and then down. */
  readonly input_series: readonly { readonly series: string; readonly values: string }[]
  readonly alert_rule_test?: readonly {
    readonly eval_time: string
    readonly alertname: string
    readonly exp_alerts: readonly { readonly exp_labels: object; readonly exp_annotations: object }[]
  }[]
  readonly promql_expr_test?: readonly {
    readonly eval_time: string
    readonly expr: string
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[]
  }[]
}

/** Runs promtool. Rejects with its output if it fails. */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', args)
  return stdout
}

/** Evaluates the rules of a file over the series of the tests. Rejects if the results differ. */
export async function testRules(ruleFile: string, tests: readonly RuleTest[]): Promise<void> {
  const file = join(await temporaryDirectory(), 'tests.json')
  // JSON is valid YAML.
  await writeFile(file, JSON.stringify({ rule_files: [ruleFile], evaluation_interval: '1m', tests }))
  await promtool('test', 'rules', file)
}
