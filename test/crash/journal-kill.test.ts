import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { open } from '../support/journal.ts'
import { series } from '../support/journal-series.ts'
import { temporaryDirectory } from '../support/weir.ts'

const WRITER = new URL('../support/journal-writer.ts', import.meta.url).pathname

function startWriter(directory: string, from: number): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, directory, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills a writer when it has printed this many lines. Returns the last number that it printed. */
async function killAfter(child: ChildProcess, lines: number): Promise<number> {
  let last = 0
  let left = lines
  if (child.stdout === null) throw new Error('The writer has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (--left === 0) child.kill('SIGKILL')
  }
  return last
}

it('kill -9 loses no kept record, round after round', async () => {
  const directory = await temporaryDirectory()
  let next = 1
  for (const lines of [1, 40, 7, 333, 100]) {
    const kept = await killAfter(startWriter(directory, next), lines)
    const { journal, replayed } = await open({ directory })
    expect(replayed.length).toBeGreaterThanOrEqual(kept)
    expect(replayed).toEqual(series(1, replayed.length))
    next = replayed.length + 1
    await journal.close()
  }
})
