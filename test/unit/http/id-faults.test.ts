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
  ])('says what is allowed: %s as a %s', (text, kind, pointer, allowed) => {
    expect(idFault(text, kind, pointer)).toBe(`"${text}" is not a valid id. Allowed: ${allowed}`)
  })

  it.each<[string, IdKind, string, string]>([
    ['$', 'place', '/after', 'Redis\' "$" is "last" here'],
    ['$', 'place', '/streams/0/after', 'Redis\' "$" is "last" here'],
    ['$', 'place', '/query/after', 'Redis\' "$" is "last" here'],
    ['$', 'id', '/lastId', 'Redis\' "$" has no meaning here'],
    ['*', 'new', '/entries/0/id', 'For the next id leave "id" out'],
    ['*', 'id', '/ids/0', 'Redis\' "*" has no meaning here'],
    ['>', 'id', '/after', 'For new entries leave "after" out'],
    ['>', 'id', '/streams/3/after', 'For new entries leave "after" out'],
    ['>', 'place', '/streams/3/after', 'Redis\' ">" is for reads in a group: readGroup, without "after"'],
    ['-', 'place', '/after', 'Redis\' "-" is "0-0" here'],
    ['-', 'id', '/query/from', 'For the beginning of the stream leave the parameter out'],
    ['-', 'id', '/from', 'For the beginning leave "from" out'],
    ['+', 'id', '/query/to', 'For the end of the stream leave the parameter out'],
    ['+', 'place', '/query/after', 'For the last entry use listEntries with "order=desc" and "limit=1"'],
    ['', 'id', '/query/before', 'For the end of the stream leave the parameter out'],
    ['(5-0', 'id', '/query/from', 'For what follows an id use "after"'],
    ['(5-0', 'id', '/query/to', 'For what precedes an id use "before"']
  ])('says what a sign of Redis is called there: %s as %s at %s', (text, kind, pointer, hint) => {
    expect(idFault(text, kind, pointer)).toMatch(`"${text}" is not a valid id. ${hint}. Allowed: `)
  })

  it('does not repeat a long text in full', () => {
    expect(idFault('9'.repeat(100_000), 'id', '/ids/0').length).toBeLessThan(300)
  })
})
