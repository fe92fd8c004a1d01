import { expect, it } from 'vitest'
import { nowAndThen } from '../../../src/embedded/progress.ts'

it('nowAndThen reports the progress of a long operation every five seconds', () => {
  let now = 1000
  const lines: string[] = []
  const onProgress = nowAndThen(
    (line) => lines.push(line),
    () => now
  )
  for (let done = 1; done <= 12_000; done++, now++) onProgress('pages', done, 12_000)
  expect(lines).toEqual(['5,001 of 12,000 pages', '10,001 of 12,000 pages'])
})
