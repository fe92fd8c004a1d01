import { describe, expect, it } from 'vitest'
import { rowsOf, StreamRates } from '../../../src/console/views/stream-rates.ts'

const stream = (name: string, entriesAdded: number, length = entriesAdded) => ({
  name,
  length,
  sizeBytes: 1000 - length,
  lastId: `${entriesAdded}-0`,
  entriesAdded,
  groups: 0
})

describe('stream rates', () => {
  it('are unknown before the second poll', () => {
    const rates = new StreamRates()
    rates.add(1000, [stream('orders', 5)])
    expect(rates.of('orders')).toBeNull()
    rates.add(3000, [stream('orders', 9), stream('bills', 6)])
    expect([rates.of('orders'), rates.of('bills'), rates.total]).toEqual([2, 3, 10])
  })

  it('are unknown for a stream that was deleted and created again', () => {
    const rates = new StreamRates()
    rates.add(1000, [stream('orders', 5)])
    rates.add(2000, [stream('orders', 1)])
    expect([rates.of('orders'), rates.total]).toEqual([null, 0])
  })

  it('do not change if two polls are too close together', () => {
    const rates = new StreamRates()
    rates.add(1000, [stream('orders', 5)])
    rates.add(2000, [stream('orders', 7)])
    rates.add(2010, [stream('orders', 8)])
    expect([rates.of('orders'), rates.total]).toEqual([2, 2])
  })
})

describe('the rows of the overview', () => {
  const streams = [stream('a', 3), stream('b', 9, 1), stream('b2', 9, 2)]
  const names = (prefix: string, by: 'name' | 'length' | 'size' | 'last', isDown: boolean) =>
    rowsOf(streams, new StreamRates(), { prefix, by, isDown }).map(({ name }) => name)

  it('are sorted by the given column and direction', () => {
    expect(names('', 'name', true)).toEqual(['b2', 'b', 'a'])
    expect(names('', 'length', false)).toEqual(['b', 'b2', 'a'])
    expect(names('', 'size', false)).toEqual(['a', 'b2', 'b'])
    expect(names('', 'last', true)).toEqual(['b', 'b2', 'a'])
  })

  it('are filtered by name prefix', () => {
    expect(names('b', 'name', false)).toEqual(['b', 'b2'])
    expect(names('c', 'name', false)).toEqual([])
  })
})
