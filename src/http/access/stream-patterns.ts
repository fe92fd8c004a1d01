/**
 * A set of stream names, given by patterns: a name, a prefix followed by `*`, or `*` alone for all names.
 * Only a trailing `*` is special.
 */
export class StreamPatterns {
  readonly #names = new Set<string>()
  readonly #prefixes: string[] = []

  constructor(patterns: Iterable<string>) {
    for (const pattern of patterns) {
      if (pattern.endsWith('*')) this.#prefixes.push(pattern.slice(0, -1))
      else this.#names.add(pattern)
    }
  }

  matches(stream: string): boolean {
    return this.#names.has(stream) || this.#prefixes.some((prefix) => stream.startsWith(prefix))
  }

  get isEmpty(): boolean {
    return this.#names.size === 0 && this.#prefixes.length === 0
  }

  get matchesAll(): boolean {
    return this.#prefixes.includes('')
  }

  /** The names that start with `prefix`, as ranges that do not overlap, in the byte order of the names. */
  ranges(prefix: string): NameRange[] {
    const prefixes = this.#prefixes
      .filter((own) => own.startsWith(prefix) || prefix.startsWith(own))
      .map((own) => (own.length > prefix.length ? own : prefix))
    const widest = [...new Set(prefixes)].filter(
      (own) => !prefixes.some((other) => other !== own && own.startsWith(other))
    )
    const names = [...this.#names].filter(
      (name) => name.startsWith(prefix) && !widest.some((own) => name.startsWith(own))
    )
    const ranges: NameRange[] = [
      ...widest.map((text) => ({ text, isPrefix: true })),
      ...names.map((text) => ({ text, isPrefix: false }))
    ]
    return ranges.sort((a, b) => Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)))
  }
}

/** All names that start with a text, or only the name that equals it. */
export interface NameRange {
  readonly text: string
  readonly isPrefix: boolean
}
