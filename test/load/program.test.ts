import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../load/free-port.ts'
import { missingPrograms, newDirectory, startProgram } from '../../load/program.ts'

/** Starts a program with this code. */
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

describe('startProgram', () => {
  it('waits until the log of the program contains its port, and can stop the program', async () => {
    const program = await start(`
      console.log('serving at ' + process.env.ORDERS)
      setInterval(() => {}, 1000)
    `)
    expect(program.port).toBe(42)
    expect(isRunning(program.pid)).toBe(true)
    await program.stop()
    expect(isRunning(program.pid)).toBe(false)
  })

  it('rejects with the output of a program that exits before it serves', async () => {
    await expect(start(`console.error('the port is taken'); process.exit(1)`)).rejects.toThrow(
      'the port is taken'
    )
  })
})

describe('programs of this machine', () => {
  it('are missing if no folder of PATH contains them', () => {
    expect(missingPrograms(['sh', 'no-such-program'])).toEqual(['no-such-program'])
  })

  it('can get a free port', async () => {
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
