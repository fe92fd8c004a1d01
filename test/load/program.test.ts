import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../load/free-port.ts'
import { missingPrograms, newDirectory, startProgram } from '../../load/program.ts'

/** A program of a few lines that logs as it likes. */
async function start(code: string) {
  const directory = await newDirectory()
  const program = join(directory, 'program.js')
  await writeFile(program, code)
  return startProgram({
    command: process.execPath,
    args: [program],
    env: { ORDERS: '42' },
    directory,
    portOf: (log) => Number(/serving at (\d+)/.exec(log)?.[1]) || undefined
  })
}

describe('starting a program', () => {
  it('waits until its log says where it serves, and ends it when told to', async () => {
    const program = await start(`
      console.log('serving at ' + process.env.ORDERS)
      setInterval(() => {}, 1000)
    `)
    expect(program.port).toBe(42)
    expect(isRunning(program.pid)).toBe(true)
    await program.stop()
    expect(isRunning(program.pid)).toBe(false)
  })

  it('rejects with what a program says that ends before it serves', async () => {
    await expect(start(`console.error('the port is taken'); process.exit(1)`)).rejects.toThrow(
      'the port is taken'
    )
  })
})

describe('programs of this machine', () => {
  it('are missing when no folder of PATH has them', () => {
    expect(missingPrograms(['sh', 'no-such-program'])).toEqual(['no-such-program'])
  })

  it('get a port that is free', async () => {
    expect(await freePort()).toBeGreaterThan(0)
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
