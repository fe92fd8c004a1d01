import { describe, expect, it } from 'vitest'
import { type IdKind, idFault } from '../../../src/http/problems/id-faults.ts'

const HALVES = 'unsigned 64-bit integers in decimal without leading zeros'
const ID = `"<ms>-<seq>" or "<ms>", ${HALVES}`
const PLACE = `"last", "<ms>-<seq>" or "<ms>", ${HALVES}`
const NEW = `"<ms>-<seq>", "<ms>-*" or "<ms>", ${HALVES}`

describe('idFault', () => {
  it.each<[string, IdKind, string, string]>([
    ['nonsense', 'id', '/ids/0', ID],
    ['nonsense', 'place', '/after', PLACE],
    ['nonsense', 'new', '/entries/0/id', NEW]
  ])('shows what is allowed: %s as a %s', (text, kind, pointer, allowed) => {
    expect(idFault(text, kind, pointer)).toBe(`"${text}" is not a valid id. Allowed: ${allowed}`)
  })

  it.each<[string, IdKind, string, string]>([
    ['$', 'place', '/after', 'Use "last" instead of Redis\' "$"'],
    ['$', 'place', '/streams/0/after', 'Use "last" instead of Redis\' "$"'],
    ['$', 'place', '/query/after', 'Use "last" instead of Redis\' "$"'],
    ['$', 'id', '/lastId', 'Redis\' "$" has no meaning here'],
    ['*', 'new', '/entries/0/id', 'To get the next id, leave out "id"'],
    ['*', 'id', '/ids/0', 'Redis\' "*" has no meaning here'],
    ['>', 'id', '/after', 'To read new entries, leave out "after"'],
    ['>', 'id', '/streams/3/after', 'To read new entries, leave out "after"'],
    [
      '>',
      'place',
      '/streams/3/after',
      'Redis\' ">" is for reading in a group: use readGroup without "after"'
    ],
    ['-', 'place', '/after', 'Use "0-0" instead of Redis\' "-"'],
    ['-', 'id', '/query/from', 'To start at the beginning of the stream, leave out the parameter'],
    ['-', 'id', '/from', 'To start at the beginning, leave out "from"'],
    ['+', 'id', '/query/to', 'To read to the end of the stream, leave out the parameter'],
    ['+', 'place', '/query/after', 'To read the last entry, use listEntries with "order=desc" and "limit=1"'],
    ['', 'id', '/query/before', 'To read to the end of the stream, leave out the parameter'],
    ['(5-0', 'id', '/query/from', 'To start after an id, use "after"'],
    ['(5-0', 'id', '/query/to', 'To end before an id, use "before"']
  ])('suggests a replacement for a special id of Redis: %s as %s at %s', (text, kind, pointer, hint) => {
    expect(idFault(text, kind, pointer)).toMatch(`"${text}" is not a valid id. ${hint}. Allowed: `)
  })

  it('truncates a long text', () => {
    expect(idFault('9'.repeat(100_000), 'id', '/ids/0').length).toBeLessThan(300)
  })
})
