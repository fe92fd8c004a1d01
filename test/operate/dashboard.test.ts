import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import dashboard from '../../operate/grafana/weir.json' with { type: 'json' }
import { makeExampleData } from '../support/example-data.ts'
import { describeWithPromtool, promtool, testRules } from '../support/promtool.ts'
import { serverForTest } from '../support/server.ts'
import { temporaryDirectory } from '../support/weir.ts'

interface Query {
  readonly panel: string
  readonly expr: string
  readonly legendFormat: string
}
const QUERIES: readonly Query[] = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ panel: title, expr, legendFormat }))
)

/** A recording rule for each query, with values in place of Grafana's variables. */
async function recordingRules(): Promise<string> {
  const rules = QUERIES.map(({ expr }, index) => ({
    record: `query_${index}`,
    expr: expr.replaceAll('$__rate_interval', '2m').replaceAll('$instance', '.*')
  }))
  const file = join(await temporaryDirectory(), 'rules.json')
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
  return file
}

/** The metrics of a Weir with data, as series that grow by one a minute. */
async function scraped(): Promise<{ series: string; values: string }[]> {
  const server = await serverForTest()
  await makeExampleData(server)
  server.metrics.flushed({ seconds: 0.01, bytes: 1 })
  server.metrics.checkpointed({ sliceSeconds: [0.001], seconds: 0.01 })
  const { body } = await server.send('GET', '/metrics')
  return [...String(body).matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)].map(([, name, labels]) => ({
    series: `${name}{${['instance="weir:7070",job="weir"', labels].filter(Boolean).join(',')}}`,
    values: '0+1x10'
  }))
}

describeWithPromtool('the dashboard', () => {
  it('has only queries that Prometheus can parse', async () => {
    expect(QUERIES.length).toBeGreaterThan(40)
    const output = await promtool('check', 'rules', await recordingRules())
    expect(output).toContain(`SUCCESS: ${QUERIES.length} rules found`)
  })

  it('shows data of a Weir in each of its panels, with the labels that the legends name', async () => {
    const shown = QUERIES.map(({ legendFormat }, index) => {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => `${label}!=""`)
      return { eval_time: '10m', expr: `count(query_${index}{${labels.join(',')}}) > bool 0` }
    })
    const promql_expr_test = shown.map((test) => ({ ...test, exp_samples: [{ labels: '{}', value: 1 }] }))
    const input_series = await scraped()
    await testRules(await recordingRules(), [{ interval: '1m', input_series, promql_expr_test }])
  })
})
