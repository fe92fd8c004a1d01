import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWithPromtool, promtool, type RuleTest, testRules } from '../support/promtool.ts'

const OPERATE = fileURLToPath(new URL('../../operate/', import.meta.url))
const RULES = `${OPERATE}alerts.yml`
const WEIR = { instance: 'weir:7070', job: 'weir' }
const BILLING = { ...WEIR, stream: 'orders', group: 'billing' }

/** The alerts of the file, each with its name, severity and summary. */
const ALERTS = [
  ...readFileSync(RULES, 'utf8').matchAll(
    /- alert: (?<name>\w+)\n.*?severity: (?<severity>\w+).*?summary: (?:"(?<quoted>[^"\n]*)"|(?<plain>[^\n]*))/gs
  )
].map(({ groups }) => groups as { name: string; severity: string; quoted?: string; plain?: string })

interface Situation {
  readonly alert: string
  /** The name of the scraped metric. Its labels are those of `WEIR` by default. */
  readonly metric: string
  readonly labels?: Readonly<Record<string, string>>
  /** Values of the metric, one a minute, with which the alert fires after 90 minutes. */
  readonly fires: string
  /** Values with which the alert never fires. */
  readonly silent: readonly string[]
  /** The labels that the alert keeps. By default it keeps all. */
  readonly keeps?: readonly string[]
}

const refusals = (alert: string, code: string, fires: string, silent: readonly string[]) => ({
  alert,
  metric: 'weir_refusals_total',
  labels: { ...WEIR, code },
  fires,
  silent
})
const BY_CODE = { keeps: ['instance', 'code'] }

const SITUATIONS: readonly Situation[] = [
  { alert: 'WeirDown', metric: 'up', fires: '1x5 0x90', silent: ['1x90', '1x5 0x0 1x90'] },
  { alert: 'WeirNotReady', metric: 'weir_ready', fires: '1x5 0x90', silent: ['1x90', '1x5 0x0 1x90'] },
  // The first refusal of all, less than a minute ago.
  refusals('WeirStorageFull', 'storage-full', '0x89 1', ['0x90', '7x90']),
  {
    alert: 'WeirCheckpointsFail',
    metric: 'weir_checkpoint_failures_total',
    fires: '0x89 1',
    silent: ['0x90', '7x90']
  },
  refusals('WeirInternalErrors', 'internal', '0x89 1', ['0x90', '7x90']),
  ...['overloaded', 'too-many-bytes', 'too-many-waiting', 'limit-reached'].map((code) => ({
    ...refusals('WeirRefuses', code, '0+1x90', ['0x90', '7x90', '0x5 7x85']),
    ...BY_CODE
  })),
  {
    alert: 'WeirConnectionsFull',
    metric: 'weir_connections_refused_total',
    fires: '0+1x90',
    silent: ['0x90', '7x90', '0x5 7x85']
  },
  refusals('WeirTokenLimited', 'rate-limited', '0+1x90', ['0x90', '0x5 7x85', '0x5 0+1x8 8x75']),
  ...['unauthenticated', 'forbidden', 'host-not-allowed', 'origin-not-allowed'].map((code) => ({
    ...refusals('WeirStrangers', code, '0+61x90', ['0+59x90', '0x5 600x85']),
    ...BY_CODE
  })),
  {
    alert: 'WeirJournalGrows',
    metric: 'weir_journal_bytes',
    fires: '536870913x90',
    silent: ['536870912x90', '0x5 600000000x9 0x75']
  },
  {
    alert: 'WeirJournalUndeleted',
    metric: 'weir_journal_undeleted_segments',
    fires: '0x5 1x85',
    silent: ['0x90', '0x5 1x9 0x75']
  },
  {
    alert: 'WeirEventLoopBlocked',
    metric: 'nodejs_eventloop_lag_p99_seconds',
    fires: '0.21x90',
    silent: ['0.2x90', '0x5 0.5x4 0x80']
  },
  {
    alert: 'WeirGroupFallsBehind',
    metric: 'weir_group_lag',
    labels: BILLING,
    fires: '0+17x90',
    // A small lag, a constant lag, a shrinking lag, and a lag that grows only for a while.
    silent: ['0+11x90', '5000x90', '99000-100x90', '0+100x39 0x50']
  },
  {
    alert: 'WeirPendingStuck',
    metric: 'weir_group_oldest_pending_seconds',
    labels: BILLING,
    fires: '901x90',
    silent: ['900x90', '0+60x18 0x70']
  },
  { alert: 'WeirEntriesDie', metric: 'weir_entries_died_total', fires: '0x89 1', silent: ['0x90', '7x90'] },
  {
    alert: 'WeirDeadEntries',
    metric: 'weir_group_dead',
    labels: BILLING,
    fires: '0x5 1x85',
    silent: ['0x90', '0x5 7x14 0x70']
  },
  {
    alert: 'WeirDeathsBlocked',
    metric: 'weir_deaths_blocked',
    fires: '0x5 1x85',
    silent: ['0x90', '0x5 1x4 0x80']
  }
]

describeWithPromtool('the alerts', () => {
  it('are valid, and so is the configuration that loads them', async () => {
    expect(await promtool('check', 'config', `${OPERATE}prometheus.yml`)).toContain(
      `SUCCESS: ${ALERTS.length} rules found`
    )
  })

  it('are all tested here', () => {
    const tested = new Set([...SITUATIONS.map(({ alert }) => alert), 'WeirSlowDisk'])
    expect(ALERTS.map(({ name }) => name).toSorted()).toEqual([...tested].toSorted())
  })

  it.each(SITUATIONS)('fire as $alert if $metric is $fires, and not if it is $silent', async (situation) => {
    const { alert, metric, fires, silent, labels = WEIR, keeps = Object.keys(labels) } = situation
    const kept = Object.fromEntries(Object.entries(labels).filter(([name]) => keeps.includes(name)))
    await testRules(RULES, [
      firing(alert, [series(metric, labels, fires)], kept),
      ...silent.map((values) => quiet(alert, [series(metric, labels, values)]))
    ])
  })

  it('fire as WeirSlowDisk if two of a hundred flushes are slow, and not for one, or for only five minutes', async () => {
    const flushes = (fast: number, minutes = 90) =>
      Object.entries({ '0.1': fast, '0.25': 100, '+Inf': 100 }).map(([le, count]) =>
        series('weir_journal_flush_seconds_bucket', { ...WEIR, le }, `0+${count}x${minutes}`)
      )
    const { instance } = WEIR
    await testRules(RULES, [
      firing('WeirSlowDisk', flushes(98), { instance }),
      quiet('WeirSlowDisk', flushes(99)),
      quiet('WeirSlowDisk', flushes(98, 5))
    ])
  })
})

function series(metric: string, labels: Readonly<Record<string, string>>, values: string) {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  return { series: `${metric}{${pairs.join(',')}}`, values }
}

/** The alert fires in the end, with these labels, which also appear in its summary. */
function firing(
  alertname: string,
  input_series: RuleTest['input_series'],
  labels: Readonly<Record<string, string>>
): RuleTest {
  const { severity, plain, quoted = plain ?? '' } = ALERTS.find(({ name }) => name === alertname) ?? {}
  const summary = quoted.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '')
  const alert = { exp_labels: { severity, ...labels }, exp_annotations: { summary } }
  return {
    interval: '1m',
    input_series,
    alert_rule_test: [{ eval_time: '90m', alertname, exp_alerts: [alert] }]
  }
}

/** The alert does not fire in any of the minutes. */
function quiet(alertname: string, input_series: RuleTest['input_series']): RuleTest {
  const alert_rule_test = Array.from({ length: 91 }, (_, minute) => ({
    eval_time: `${minute}m`,
    alertname,
    exp_alerts: []
  }))
  return { interval: '1m', input_series, alert_rule_test }
}
