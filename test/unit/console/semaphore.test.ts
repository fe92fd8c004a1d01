import { describe, expect, it } from 'vitest'
import { Slots } from '../../../src/console/api/semaphore.ts'

describe('slots', () => {
  it('let the next one go when one is given back, first come first served', async () => {
    const slots = new Slots(1)
    const gone: string[] = []
    const release = await slots.take(undefined)
    const others = ['ann', 'bob'].map((name) =>
      slots.take(undefined).then((next) => {
        gone.push(name)
        next()
      })
    )
    expect(gone).toEqual([])
    release()
    await Promise.all(others)
    expect(gone).toEqual(['ann', 'bob'])
  })

  it('count a slot once, however often it is given back', async () => {
    const slots = new Slots(1)
    const release = await slots.take(undefined)
    release()
    release()
    await slots.take(undefined)
    const leaving = new AbortController()
    const third = slots.take(leaving.signal)
    leaving.abort()
    await expect(third).rejects.toThrow('aborted')
  })

  it('are not taken by who left the queue', async () => {
    const slots = new Slots(1)
    const release = await slots.take(undefined)
    const leaving = new AbortController()
    const gone = slots.take(leaving.signal)
    leaving.abort()
    await expect(gone).rejects.toThrow()
    release()
    await expect(slots.take(undefined)).resolves.toBeTypeOf('function')
    await expect(slots.take(leaving.signal)).rejects.toThrow()
  })
})
