import { describe, expect, it } from 'vitest'
import { Semaphore } from '../../../src/console/api/semaphore.ts'

describe('a semaphore', () => {
  it('serves those that wait in order when a slot is released', async () => {
    const semaphore = new Semaphore(1)
    const served: string[] = []
    const release = await semaphore.acquire(undefined)
    const others = ['ann', 'bob'].map((name) =>
      semaphore.acquire(undefined).then((next) => {
        served.push(name)
        next()
      })
    )
    expect(served).toEqual([])
    release()
    await Promise.all(others)
    expect(served).toEqual(['ann', 'bob'])
  })

  it('frees a slot once, however often it is released', async () => {
    const semaphore = new Semaphore(1)
    const release = await semaphore.acquire(undefined)
    release()
    release()
    await semaphore.acquire(undefined)
    const leaving = new AbortController()
    const third = semaphore.acquire(leaving.signal)
    leaving.abort()
    await expect(third).rejects.toThrow('aborted')
  })

  it('gives no slot to a request that was aborted while it waited', async () => {
    const semaphore = new Semaphore(1)
    const release = await semaphore.acquire(undefined)
    const leaving = new AbortController()
    const aborted = semaphore.acquire(leaving.signal)
    leaving.abort()
    await expect(aborted).rejects.toThrow()
    release()
    await expect(semaphore.acquire(undefined)).resolves.toBeTypeOf('function')
    await expect(semaphore.acquire(leaving.signal)).rejects.toThrow()
  })
})
