import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import baseline from '../openapi/baseline.json' with { type: 'json' }
import { temporaryDirectory } from './support/weir.ts'

/** A change of the document. */
// biome-ignore lint/suspicious/noExplicitAny: it changes any part of the document.
type Change = (document: any) => void

const TRIM = '/v1/streams/{stream}/trim'

const BREAKING: Record<string, Change> = {
  'an operation without its path': ({ paths }) => delete paths[TRIM],
  'another name of an operation': ({ paths }) => {
    paths[TRIM].post.operationId = 'trim'
  },
  'another class of an operation': ({ paths }) => {
    paths[TRIM].post.tags = ['groups']
  },
  'another name of a schema': (document) => {
    const { schemas } = document.components
    schemas.StreamRecord = schemas.StreamInfo
    delete schemas.StreamInfo
    document.paths = JSON.parse(
      JSON.stringify(document.paths).replaceAll('schemas/StreamInfo"', 'schemas/StreamRecord"')
    )
  },
  'an answer without a member': ({ components }) =>
    delete components.schemas.DeliveredEntry.properties.idleMs,
  'an answer with a member of another type': ({ components }) => {
    components.schemas.DeliveredEntry.properties.deliveries = { type: 'string' }
  },
  'a request without a member': ({ components }) =>
    delete components.schemas.ReadGroupRequest.properties.noAck,
  'a request with a required member that was optional': ({ components }) => {
    components.schemas.ReadGroupRequest.required.push('waitMs')
  },
  'a lower limit': ({ components }) => {
    components.schemas.ReadGroupRequest.properties.waitMs.maximum = 1000
  },
  'another default': ({ components }) => {
    components.schemas.ReadGroupRequest.properties.count.default = 100
  }
}

const COMPATIBLE: Record<string, Change> = {
  'no change': () => undefined,
  'a new operation': ({ paths }) => {
    paths['/v1/new'] = { get: { ...paths[TRIM].post, operationId: 'new', parameters: [] } }
  },
  'a new member of an answer': ({ components }) => {
    components.schemas.DeliveredEntry.properties.colour = { type: 'string' }
  },
  'a new optional member of a request': ({ components }) => {
    components.schemas.ReadGroupRequest.properties.colour = { type: 'string' }
  },
  'a new code of a problem': ({ paths }) => paths[TRIM].post['x-codes'].push('new-code'),
  'another description': ({ paths }) => {
    paths[TRIM].post.description = 'Trims.'
  }
}

// In CI, the suite fails instead of being skipped.
const canRun = Boolean(process.env['CI']) || spawnSync('go', ['version']).error === undefined
if (!canRun) console.warn('Skipped: Go not found, so the check of breaking changes was not tested.')

describe.skipIf(!canRun)('npm run openapi:breaking', () => {
  it.each(Object.entries(BREAKING))('fails on %s', async (_, change) => {
    const { status, output } = await compared(change)
    expect(output).toMatch(/^error\t\[/m)
    expect(status).toBe(1)
  })

  it.each(Object.entries(COMPATIBLE))('accepts %s', async (_, change) => {
    const { status, output } = await compared(change)
    expect(output).not.toMatch(/^error\t\[/m)
    expect(status).toBe(0)
  })

  it('names Go if it is missing', async () => {
    const { status, output } = await compared(() => undefined, { PATH: '' })
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringContaining('Go is not on the PATH')
    })
  })
})

/** Compares the baseline with a changed copy of it. */
async function compared(change: Change, env: Record<string, string> = {}) {
  const document = structuredClone(baseline)
  change(document)
  const file = join(await temporaryDirectory(), 'openapi.json')
  await writeFile(file, JSON.stringify(document))
  const args = ['--import', 'tsx', 'openapi/breaking.ts', '--document', file]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000
  })
  return { status, output: stdout + stderr }
}
