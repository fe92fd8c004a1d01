import { readTextFile } from '../pages/text-file.ts'
import { type Token, Tokens } from './tokens.ts'

/** The tokens of a file, which may be read again while requests come. */
export class TokenFile {
  readonly file: string
  #tokens: Tokens
  #onReload: () => void = () => undefined

  /** Throws a TokensError, an EncodingError, or what the operating system says, when the file cannot be used. */
  constructor(file: string) {
    this.file = file
    this.#tokens = Tokens.parse(readTextFile(file))
  }

  /** Reads the file anew. When that throws, the tokens stay those there were. */
  reload(): void {
    this.#tokens = Tokens.parse(readTextFile(this.file))
    this.#onReload()
  }

  /** From now on `listener` is called after each reload. */
  onReload(listener: () => void): void {
    this.#onReload = listener
  }

  /** Whose token it is; undefined for one that is nobody's. */
  find(presented: string): Token | undefined {
    return this.#tokens.find(presented)
  }
}
