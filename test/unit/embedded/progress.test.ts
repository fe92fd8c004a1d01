import { expect, it } from 'vitest'
import { nowAndThen } from '../../../src/embedded/progress.ts'

it('says how far something is once it goes on for long, and then each five seconds', () => {
  let now = 1000
  const said: string[] = []
  const onProgress = nowAndThen(
    (line) => said.push(line),
    () => now
  )
  for (let done = 1; done <= 12_000; done++, now++) onProgress('pages', done, 12_000)
  expect(said).toEqual(['5,001 of 12,000 pages', '10,001 of 12,000 pages'])
})
