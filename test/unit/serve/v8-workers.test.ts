import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { v8Workers } from '../../../src/serve/v8-workers.ts'

const NODE_FLAGS = fileURLToPath(new URL('../../../bin/node-flags', import.meta.url))

interface Machine {
  readonly processors: number
  readonly files?: Readonly<Record<string, string>>
  readonly nodeOptions?: string
}

/** The number of V8 workers that the launcher passes to Node on this machine. */
function workersOn(machine: Machine): string | undefined {
  return /^--v8-pool-size=(\d+)$/m.exec(flagsOn(machine))?.[1]
}

/** The flags that the launcher passes to Node on a machine with these processors and files. */
function flagsOn({ processors, files = {}, nodeOptions = '' }: Machine): string {
  const root = mkdtempSync(join(tmpdir(), 'weir-flags-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const all = { 'bin/nproc': `#!/bin/sh\necho ${processors}\n`, ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  chmodSync(join(root, 'bin/nproc'), 0o755)
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, NODE_OPTIONS: nodeOptions }
  return execFileSync(NODE_FLAGS, [root], { env, encoding: 'utf8' }).trim()
}

describe('the flags that the launcher passes to Node', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 4],
    [64, 4]
  ])('on %i processors set %i V8 workers', (processors, workers) => {
    expect(workersOn({ processors })).toBe(`${workers}`)
  })

  it.each([
    ['a limit of two processors', '200000 100000\n', 1],
    ['a limit of three and a half', '350000 100000\n', 2],
    ['a limit of a tenth', '10000 100000\n', 1],
    ['a limit above the processors', '9000000 100000\n', 4],
    ['no limit', 'max 100000\n', 4]
  ])('respect %s in version 2 of control groups', (_, limit, workers) => {
    const group = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': limit }
    expect(workersOn({ processors: 16, files: group })).toBe(`${workers}`)
  })

  it('respect the limits of all parent groups', () => {
    const files = {
      'proc/self/cgroup': '0::/system.slice/weir.service\n',
      'sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
      'sys/fs/cgroup/system.slice/weir.service/cpu.max': '400000 100000\n'
    }
    expect(workersOn({ processors: 16, files })).toBe('2')
  })

  it('respect the limits of version 1 of control groups', () => {
    const files = {
      'proc/self/cgroup': '5:memory:/weir\n3:cpu,cpuacct:/weir\n0::/\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu/weir/cpu.cfs_quota_us': '300000\n',
      'sys/fs/cgroup/cpu/weir/cpu.cfs_period_us': '100000\n'
    }
    expect(workersOn({ processors: 16, files })).toBe('2')
  })

  it.each([
    ['', '--max-semi-space-size=32 --v8-pool-size=1'],
    ['--trace-warnings', '--max-semi-space-size=32 --v8-pool-size=1'],
    ['--trace-warnings --v8-pool-size=3', '--max-semi-space-size=32'],
    ['--v8_pool_size 3', '--max-semi-space-size=32'],
    ['--max-semi-space-size=16', '--v8-pool-size=1'],
    ['--max-semi-space-size=16 --v8-pool-size=0', '']
  ])('do not override flags in NODE_OPTIONS: "%s"', (nodeOptions, flags) => {
    expect(flagsOn({ processors: 2, nodeOptions }).split('\n').join(' ')).toBe(flags)
  })
})

describe('v8Workers', () => {
  it.each([
    [[], '', 4],
    [['--v8-pool-size=1'], '', 1],
    [['--v8-pool-size', '2'], '--v8-pool-size=3', 2],
    [[], '--trace-warnings --v8_pool_size=3', 3],
    [['--v8-pool-size=0'], '', Math.max(1, availableParallelism() - 1)]
  ])('returns the number that %j and "%s" set', (flags, options, workers) => {
    expect(v8Workers(flags, options)).toBe(workers)
  })
})
