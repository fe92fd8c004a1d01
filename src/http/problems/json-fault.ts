/** Where a text stops being valid JSON, and what is expected there. */
export interface JsonFault {
  readonly index: number
  readonly expected: string
}

/**
 * Finds the first fault of a text that `JSON.parse` rejects. The messages of `JSON.parse` itself differ
 * between versions of Node, and not all of them contain a position.
 */
export function jsonFault(text: string): JsonFault {
  return new Scanner(text).fault()
}

/** What may come next. */
type Expecting =
  | 'a value'
  | 'a value or "]"'
  | 'a member or "}"'
  | 'a member'
  | '"," or "]"'
  | '"," or "}"'
  | 'the end'

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const LITERAL = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SPACE = /[ \t\n\r]*/y

/** Scans the text once, with the open brackets on a stack, so that no nesting is too deep. */
class Scanner {
  readonly #text: string
  readonly #open: ('[' | '{')[] = []
  #index = 0

  constructor(text: string) {
    this.#text = text
  }

  fault(): JsonFault {
    let expecting: Expecting = 'a value'
    for (;;) {
      this.#skip(SPACE)
      const next = this.#step(expecting)
      if (next === null) return { index: this.#index, expected: expecting }
      if (typeof next === 'object') return next
      expecting = next
    }
  }

  /** Returns what is expected after the next token. Null if the next token is not what is expected. */
  #step(expecting: Expecting): Expecting | JsonFault | null {
    const char = this.#text[this.#index]
    switch (expecting) {
      case 'the end':
        return null
      case 'a member':
      case 'a member or "}"':
        if (char === '"') return this.#member()
        return expecting !== 'a member' && char === '}' ? this.#close() : null
      case '"," or "]"':
      case '"," or "}"':
        if (char === ',') return this.#pass(expecting === '"," or "]"' ? 'a value' : 'a member')
        return char === expecting.at(-2) ? this.#close() : null
      default:
        return expecting !== 'a value' && char === ']' ? this.#close() : this.#value(char)
    }
  }

  #value(char: string | undefined): Expecting | JsonFault | null {
    if (char === '"') return this.#string() ?? this.#afterValue()
    if (char === '[' || char === '{') {
      this.#open.push(char)
      return this.#pass(char === '[' ? 'a value or "]"' : 'a member or "}"')
    }
    return this.#skip(NUMBER) || this.#skip(LITERAL) ? this.#afterValue() : null
  }

  /** A member's name and its colon. */
  #member(): Expecting | JsonFault {
    const fault = this.#string()
    if (fault !== null) return fault
    this.#skip(SPACE)
    return this.#text[this.#index] === ':' ? this.#pass('a value') : { index: this.#index, expected: '":"' }
  }

  #string(): JsonFault | null {
    const text = this.#text
    for (this.#index++; this.#index < text.length; ) {
      const code = text.charCodeAt(this.#index)
      if (code === QUOTE) {
        this.#index++
        return null
      }
      if (code < FIRST_PRINTABLE)
        return { index: this.#index, expected: 'an escape for the control character' }
      if (code !== BACKSLASH) this.#index++
      else if (!this.#skip(ESCAPE)) return { index: this.#index, expected: 'a valid escape' }
    }
    return { index: this.#index, expected: 'a closing quotation mark' }
  }

  #close(): Expecting {
    this.#open.pop()
    this.#index++
    return this.#afterValue()
  }

  #afterValue(): Expecting {
    const open = this.#open.at(-1)
    if (open === undefined) return 'the end'
    return open === '[' ? '"," or "]"' : '"," or "}"'
  }

  #pass(next: Expecting): Expecting {
    this.#index++
    return next
  }

  /** Skips a token at the current index. Returns whether it was there. */
  #skip(token: RegExp): boolean {
    token.lastIndex = this.#index
    const length = token.exec(this.#text)?.[0].length ?? 0
    this.#index += length
    return length > 0
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_PRINTABLE = 0x20
