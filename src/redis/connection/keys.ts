import { companionKey, companionStart, streamOfCompanion } from './companion-keys.ts'

/** How many companion keys are remembered. */
const MAX_COMPANIONS = 10_000

/** A stream's key is the prefix and its name. */
export class Keys {
  readonly #prefix: string
  /** Companion keys by the keys of their streams, because they take a few microseconds to compute. */
  readonly #companions = new Map<string, string>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  keyOf(stream: string): string {
    return this.#prefix + stream
  }

  streamOf(key: string): string {
    return key.slice(this.#prefix.length)
  }

  /** The key of what Weir keeps beside a stream, in the slot of the stream's key. */
  companionOf(streamKey: string): string {
    let key = this.#companions.get(streamKey)
    if (key === undefined) {
      if (this.#companions.size === MAX_COMPANIONS) this.#companions.clear()
      key = companionKey(this.#prefix, streamKey)
      this.#companions.set(streamKey, key)
    }
    return key
  }

  streamOfCompanion(key: string): string {
    return streamOfCompanion(this.#prefix, key)
  }

  /** A pattern for SCAN that matches the streams whose names start with `namePrefix`. */
  pattern(namePrefix: string): string {
    return startingWith(this.#prefix + namePrefix)
  }

  /** A pattern for SCAN that matches what Weir keeps beside streams. */
  get companionPattern(): string {
    return startingWith(companionStart(this.#prefix))
  }

  /** The channel on which Weir nodes notify each other of changes to streams that are not appends. */
  get channel(): string {
    return `${this.#prefix}weir:changed`
  }
}

function startingWith(text: string): string {
  return `${text.replace(/[\\*?[\]^]/g, '\\$&')}*`
}
