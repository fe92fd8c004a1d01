import { describe, expect, it } from 'vitest'
import { blocksOf, spansOf } from '../../../src/docs/parts/text-blocks.ts'
import { tokensOf } from '../../../src/docs/parts/tokens.ts'

const text = (text: string) => ({ kind: 'text', text })
const code = (text: string) => ({ kind: 'code', text })

describe('a description', () => {
  it('has paragraphs and lists', () => {
    expect(blocksOf('First\nline.\n\nSome:\n- `one`\n- two\n  goes on\n\nLast.')).toEqual([
      { kind: 'paragraph', spans: [text('First\nline.')] },
      { kind: 'paragraph', spans: [text('Some:')] },
      { kind: 'list', items: [[code('one')], [text('two\n  goes on')]] },
      { kind: 'paragraph', spans: [text('Last.')] }
    ])
    expect(blocksOf('')).toEqual([])
    expect(blocksOf('- only')).toEqual([{ kind: 'list', items: [[text('only')]] }])
  })

  it('has code, bold text and links, but no other scheme than http', () => {
    expect(spansOf('a `b` **c** [d](https://e.example/f).')).toEqual([
      text('a '),
      code('b'),
      text(' '),
      { kind: 'strong', text: 'c' },
      text(' '),
      { kind: 'link', text: 'd', url: 'https://e.example/f' },
      text('.')
    ])
    expect(spansOf('See https://e.example/f.')).toEqual([
      text('See '),
      { kind: 'link', text: 'https://e.example/f', url: 'https://e.example/f' },
      text('.')
    ])
    expect(spansOf('[a](javascript:alert())')).toEqual([text('[a](javascript:alert())')])
    expect(spansOf('`<seq>` <b>')).toEqual([code('<seq>'), text(' <b>')])
  })
})

describe('the tokens of code', () => {
  it('are the code when joined', () => {
    const codes = [
      '{"a": [1, "b\\"c", true, null]}',
      "curl 'http://a' -d '{}'",
      'x = """a\n"b" c"""',
      '"open'
    ]
    for (const each of codes) {
      const joined = tokensOf(each)
        .map((token) => token.text)
        .join('')
      expect(joined).toBe(each)
    }
  })

  it('are names, strings, numbers and words', () => {
    const kinds = tokensOf('{"a": "b", "c": -1.5, "d": null}').filter(({ kind }) => kind !== 'plain')
    expect(kinds).toEqual([
      { kind: 'name', text: '"a"' },
      { kind: 'string', text: '"b"' },
      { kind: 'name', text: '"c"' },
      { kind: 'number', text: '-1.5' },
      { kind: 'name', text: '"d"' },
      { kind: 'word', text: 'null' }
    ])
  })
})
