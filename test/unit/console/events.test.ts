import { describe, expect, it } from 'vitest'
import { EventParser } from '../../../src/console/api/events.ts'

const TEXT = ':\n\nid: 1-0\ndata: {"id":"1-0"}\n\nevent: problem\ndata: {"status":404}\n\n'

describe('the event stream parser', () => {
  it.each([1, 2, 7, TEXT.length])('joins events that arrive in chunks of %i characters', (size) => {
    const parser = new EventParser()
    const events = []
    for (let at = 0; at < TEXT.length; at += size) events.push(...parser.push(TEXT.slice(at, at + size)))
    expect(events).toEqual([
      { name: 'message', data: '{"id":"1-0"}' },
      { name: 'problem', data: '{"status":404}' }
    ])
  })

  it('does not return an incomplete event', () => {
    expect(new EventParser().push('id: 1-0\ndata: {}\n')).toEqual([])
  })
})
