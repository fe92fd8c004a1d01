export type TokenKind = 'plain' | 'string' | 'name' | 'number' | 'word'

/** A piece of code that has one colour. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
}

/** Strings, numbers and words that stand out in JSON and in all languages of the samples. */
const TOKEN =
  /("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)(\s*:)?|(?<![\w.-])(-?\d+(?:\.\d+)?)(?![\w.-])|(?<![\w.])(await|as|break|class|const|defer|done|false|False|for|func|if|import|in|main|new|null|nil|None|package|public|static|throw|throws|true|True|var|void|with)(?!\w)/g

/** Splits code into tokens. The tokens, in order, are the code. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of code.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: code.slice(end, match.index) })
    end = match.index + match[0].length
    const [all, string, colon, number] = match
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'name', text: string })
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon })
    } else tokens.push({ kind: number === undefined ? 'word' : 'number', text: all })
  }
  if (end < code.length) tokens.push({ kind: 'plain', text: code.slice(end) })
  return tokens
}
