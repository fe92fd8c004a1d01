import { readTextFile } from '../pages/text-file.ts'
import { type Token, Tokens } from './tokens.ts'

/** The tokens of a file, which can be reloaded while the server runs. */
export class TokenFile {
  readonly file: string
  #tokens: Tokens
  #onReload: () => void = () => undefined

  /** Throws a TokensError, an EncodingError or a system error if the file cannot be used. */
  constructor(file: string) {
    this.file = file
    this.#tokens = Tokens.parse(readTextFile(file))
  }

  /** Reads the file again. If this throws, the previous tokens stay in use. */
  reload(): void {
    this.#tokens = Tokens.parse(readTextFile(this.file))
    this.#onReload()
  }

  /** Calls `listener` after each reload. */
  onReload(listener: () => void): void {
    this.#onReload = listener
  }

  /** Returns undefined for an unknown token. */
  find(presented: string): Token | undefined {
    return this.#tokens.find(presented)
  }
}
