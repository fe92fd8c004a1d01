import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import { temporaryDirectory } from './weir.ts'

// On a machine of CI nothing is missing that a suite could be skipped for.
const canRun = spawnSync('promtool', ['--version']).status === 0 || Boolean(process.env['CI'])
if (!canRun) console.warn('Skipped: there is no promtool, so nobody tried the alerts and the dashboard.')

/** As `describe`, where Prometheus' own tool is installed. */
export const describeWithPromtool = describe.skipIf(!canRun)

/** Some minutes of what Prometheus has scraped and evaluated, and what is true then. */
export interface RuleTest {
  readonly interval: '1m'
  /** Such as `up{job="weir"}` with `1x5 0x55`: up for six minutes, and then down. */
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

/** Runs it; rejects with what it says when it is not content. */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', args)
  return stdout
}

/** Evaluates the rules of a file over series that are made up, and rejects where something else comes out. */
export async function testRules(ruleFile: string, tests: readonly RuleTest[]): Promise<void> {
  const file = join(await temporaryDirectory(), 'tests.json')
  // Whoever reads YAML reads JSON.
  await writeFile(file, JSON.stringify({ rule_files: [ruleFile], evaluation_interval: '1m', tests }))
  await promtool('test', 'rules', file)
}
