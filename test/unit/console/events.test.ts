import { describe, expect, it } from 'vitest'
import { EventParser } from '../../../src/console/api/events.ts'

const TEXT = ':\n\nid: 1-0\ndata: {"id":"1-0"}\n\nevent: problem\ndata: {"status":404}\n\n'

describe('a parser of events', () => {
  it.each([1, 2, 7, TEXT.length])('puts together what comes in pieces of %i characters', (size) => {
    const parser = new EventParser()
    const events = []
    for (let at = 0; at < TEXT.length; at += size) events.push(...parser.push(TEXT.slice(at, at + size)))
    expect(events).toEqual([
      { name: 'message', data: '{"id":"1-0"}' },
      { name: 'problem', data: '{"status":404}' }
    ])
  })

  it('keeps an event that is not complete to itself', () => {
    expect(new EventParser().push('id: 1-0\ndata: {}\n')).toEqual([])
  })
})
