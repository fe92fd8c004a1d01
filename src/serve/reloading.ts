import { unwatchFile, watchFile } from 'node:fs'
import type { Logger } from 'pino'

/** Something that was read from files and can be read from them again while it is used. */
interface Reloadable {
  /** As the log names it. */
  readonly what: string
  readonly files: readonly string[]
  /** Throws when the files cannot be used: then what there was before stays. */
  reload(): void
}

/** How often is looked whether a file has changed. */
const INTERVAL_MS = 1000

/**
 * Reads files again when they change, and when asked to. They are looked at by name, once a second: so it does not
 * matter whether one is written in place, replaced by another, or reached by a link that is (as Kubernetes does), and
 * on what file system.
 */
export class Reloading {
  readonly #log: Logger
  readonly #all: Reloadable[] = []
  readonly #watched: { file: string; listener: () => void }[] = []

  constructor(log: Logger) {
    this.#log = log
  }

  /** Whether there is anything to be read again. */
  get isNeeded(): boolean {
    return this.#all.length > 0
  }

  add(reloadable: Reloadable): void {
    this.#all.push(reloadable)
    const listener = () => this.#reload(reloadable)
    for (const file of reloadable.files) {
      watchFile(file, { interval: INTERVAL_MS }, listener)
      this.#watched.push({ file, listener })
    }
  }

  /** Reads everything again. */
  now(): void {
    for (const reloadable of this.#all) this.#reload(reloadable)
  }

  close(): void {
    for (const { file, listener } of this.#watched) unwatchFile(file, listener)
  }

  #reload({ what, files, reload }: Reloadable): void {
    try {
      reload()
      this.#log.info({ files }, `${what} reloaded`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#log.error({ files, why }, `${what} not reloaded: the previous version stays in use`)
    }
  }
}
