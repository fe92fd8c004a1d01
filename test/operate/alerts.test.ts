import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWithPromtool, promtool, type RuleTest, testRules } from '../support/promtool.ts'

const OPERATE = fileURLToPath(new URL('../../operate/', import.meta.url))
const RULES = `${OPERATE}alerts.yml`
const WEIR = { instance: 'weir:7070', job: 'weir' }
const BILLING = { ...WEIR, stream: 'orders', group: 'billing' }

/** An alert as the file has it, with its name, its severity and its summary. */
const ALERTS = [
  ...readFileSync(RULES, 'utf8').matchAll(
    /- alert: (?<name>\w+)\n.*?severity: (?<severity>\w+).*?summary: (?:"(?<quoted>[^"\n]*)"|(?<plain>[^\n]*))/gs
  )
].map(({ groups }) => groups as { name: string; severity: string; quoted?: string; plain?: string })

interface Situation {
  readonly alert: string
  /** What is scraped, each by its name and labels, where all Weirs have those of `WEIR`. */
  readonly metric: string
  readonly labels?: Readonly<Record<string, string>>
  /** What the metric comes to, minute by minute, so that the alert is there after an hour and a half. */
  readonly fires: string
  /** And so that it never is. */
  readonly holds: readonly string[]
  /** What the alert keeps of the labels; all of them unless it says otherwise. */
  readonly keeps?: readonly string[]
}

const refusals = (alert: string, code: string, fires: string, holds: readonly string[]) => ({
  alert,
  metric: 'weir_refusals_total',
  labels: { ...WEIR, code },
  fires,
  holds
})
const BY_CODE = { keeps: ['instance', 'code'] }

const SITUATIONS: readonly Situation[] = [
  { alert: 'WeirDown', metric: 'up', fires: '1x5 0x90', holds: ['1x90', '1x5 0x0 1x90'] },
  { alert: 'WeirNotReady', metric: 'weir_ready', fires: '1x5 0x90', holds: ['1x90', '1x5 0x0 1x90'] },
  // The first of all refusals, and not a minute old.
  refusals('WeirStorageFull', 'storage-full', '0x89 1', ['0x90', '7x90']),
  {
    alert: 'WeirCheckpointsFail',
    metric: 'weir_checkpoint_failures_total',
    fires: '0x89 1',
    holds: ['0x90', '7x90']
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
    holds: ['0x90', '7x90', '0x5 7x85']
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
    holds: ['536870912x90', '0x5 600000000x9 0x75']
  },
  {
    alert: 'WeirJournalUndeleted',
    metric: 'weir_journal_undeleted_segments',
    fires: '0x5 1x85',
    holds: ['0x90', '0x5 1x9 0x75']
  },
  {
    alert: 'WeirEventLoopBlocked',
    metric: 'nodejs_eventloop_lag_p99_seconds',
    fires: '0.21x90',
    holds: ['0.2x90', '0x5 0.5x4 0x80']
  },
  {
    alert: 'WeirGroupFallsBehind',
    metric: 'weir_group_lag',
    labels: BILLING,
    fires: '0+17x90',
    // Little, as much as ever, less and less, and not for long.
    holds: ['0+11x90', '5000x90', '99000-100x90', '0+100x39 0x50']
  },
  {
    alert: 'WeirPendingStuck',
    metric: 'weir_group_oldest_pending_seconds',
    labels: BILLING,
    fires: '901x90',
    holds: ['900x90', '0+60x18 0x70']
  }
]

describeWithPromtool('the alerts', () => {
  it('and what loads them are what Prometheus understands', async () => {
    expect(await promtool('check', 'config', `${OPERATE}prometheus.yml`)).toContain(
      `SUCCESS: ${ALERTS.length} rules found`
    )
  })

  it('are all tried', () => {
    const tried = new Set([...SITUATIONS.map(({ alert }) => alert), 'WeirSlowDisk'])
    expect(ALERTS.map(({ name }) => name).toSorted()).toEqual([...tried].toSorted())
  })

  it.each(SITUATIONS)('tell $alert when $metric is $fires, and not when it is $holds', async (situation) => {
    const { alert, metric, fires, holds, labels = WEIR, keeps = Object.keys(labels) } = situation
    const kept = Object.fromEntries(Object.entries(labels).filter(([name]) => keeps.includes(name)))
    await testRules(RULES, [
      firing(alert, [series(metric, labels, fires)], kept),
      ...holds.map((values) => quiet(alert, [series(metric, labels, values)]))
    ])
  })

  it('tell WeirSlowDisk when two flushes in a hundred take long, and not for one, or for five minutes', async () => {
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

/** The alert is there in the end, with these labels, and its summary tells of them. */
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

/** The alert is not there in any of the minutes. */
function quiet(alertname: string, input_series: RuleTest['input_series']): RuleTest {
  const alert_rule_test = Array.from({ length: 91 }, (_, minute) => ({
    eval_time: `${minute}m`,
    alertname,
    exp_alerts: []
  }))
  return { interval: '1m', input_series, alert_rule_test }
}
