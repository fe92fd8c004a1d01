import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { VARIABLES } from '../../src/config/variables.ts'
import { PROBLEMS } from '../../src/http/problems/problem.ts'
import { makeExampleData } from '../support/example-data.ts'
import { serverForTest } from '../support/server.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')

const FILES = [
  'Dockerfile',
  'docker-compose.yml',
  ...readdirSync(new URL('operate', ROOT), { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(ROOT.pathname, ''))
]
const ALERTS = read('operate/alerts.yml')
const DASHBOARD = read('operate/grafana/weir.json')

describe('the files in operate/', () => {
  it('use only metrics that exist', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    server.metrics.flushed({ seconds: 0.01, bytes: 1 })
    server.metrics.checkpointed({ sliceSeconds: [0.001], seconds: 0.01 })
    const { body } = await server.send('GET', '/metrics')
    const known = new Set([...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(namesOf))
    const used = [...`${ALERTS}${DASHBOARD}`.matchAll(/\b(?:weir|nodejs|process)_\w+/g)].map(([name]) => name)
    expect(new Set(used).size).toBeGreaterThan(25)
    expect(used.filter((name) => !known.has(name))).toEqual([])
  })

  it('use only problem codes that exist', () => {
    const codes = [...ALERTS.matchAll(/code=~?"([\w|-]+)"/g)].flatMap(([, text = '']) => text.split('|'))
    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([])
  })

  it('set only variables that exist', () => {
    const known = Object.values(VARIABLES).map(({ name }): string => name)
    for (const file of FILES) {
      const named = read(file).match(/\bWEIR_[A-Z_]+\b/g) ?? []
      expect({ file, unknown: named.filter((name) => !known.includes(name)) }).toEqual({ file, unknown: [] })
    }
  })

  it('give Weir more time to close than it takes at most', () => {
    const maxCloseMs = Number(
      /MAX_CLOSE_MS = ([\d_]+)/.exec(read('src/serve/closing.ts'))?.[1]?.replaceAll('_', '')
    )
    const pauseMs = Number(/setTimeout\(\(\) => {}, (\d+)\)/.exec(read('operate/kubernetes.yaml'))?.[1])
    const seconds = (file: string, pattern: RegExp) => Number(pattern.exec(read(file))?.[1])
    expect(seconds('docker-compose.yml', /stop_grace_period: (\d+)s/) * 1000).toBeGreaterThan(maxCloseMs)
    expect(seconds('operate/weir.service', /TimeoutStopSec=(\d+)/) * 1000).toBeGreaterThan(maxCloseMs)
    const grace = seconds('operate/kubernetes.yaml', /terminationGracePeriodSeconds: (\d+)/) * 1000
    expect(grace).toBeGreaterThan(maxCloseMs + pauseMs)
  })

  it('let Weir write only to its data directory', () => {
    const services = read('docker-compose.yml').split(/^ {2}(?=\w[\w-]*:)/m)
    const weirs = services.filter((service) => service.includes('image: weir\n'))
    expect(weirs.map((service) => /^\S+(?=:)/.exec(service)?.[0])).toEqual(['weir', 'weir-1'])
    for (const service of weirs) expect(service).toMatch(/^ {4}read_only: true$/m)
    expect(read('docker-compose.yml')).toContain('\n  weir-2: *weir-on-redis\n')
    const kubernetes = read('operate/kubernetes.yaml')
    expect(kubernetes).toContain('readOnlyRootFilesystem: true')
    expect(kubernetes.match(/mountPath: (?!.*readOnly: true).*/g)).toEqual(['mountPath: /data }'])
    expect(read('operate/weir.service')).toMatch(/^ProtectSystem=strict$/m)
    expect(read('Dockerfile').match(/^VOLUME .*/gm)).toEqual(['VOLUME /data'])
  })

  it('allow the hosts under which a Weir without tokens is reached', () => {
    const services = read('docker-compose.yml').split(/^ {2}(?=\w[\w-]*:)/m)
    const named = services.flatMap((service) => /^ {6}WEIR_ALLOWED_HOSTS: "(.*)"$/m.exec(service)?.[1] ?? [])
    expect(named).toHaveLength(2)
    for (const hosts of named) {
      expect(readConfig({ WEIR_ALLOWED_HOSTS: hosts }).allowedHosts).toEqual(
        expect.arrayContaining(['localhost', '127.0.0.1', '[::1]'])
      )
    }
  })

  it('contain only alerts that docs/operating.md explains', () => {
    const alerts = [...ALERTS.matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
    const [, page = ''] = read('docs/operating.md').split(/^## Alerts$/m)
    const explained = [...page.matchAll(/^\| `(Weir\w+)` /gm)].map(([, name]) => name)
    expect(alerts.length).toBeGreaterThan(10)
    expect(explained).toEqual(alerts)
  })
})

/** The series that a metric consists of. */
function namesOf([, name = '', type]: RegExpMatchArray): string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
}
