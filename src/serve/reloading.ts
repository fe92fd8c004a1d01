import { unwatchFile, watchFile } from 'node:fs'
import type { Logger } from 'pino'

/** Something that was loaded from files, and can be reloaded while it is in use. */
interface Reloadable {
  /** Its name in the log. */
  readonly what: string
  readonly files: readonly string[]
  /** Throws if the files cannot be used. The previous version then stays in use. */
  reload(): void
}

/** How often files are checked for changes. */
const INTERVAL_MS = 1000

/**
 * Reloads files when they change, and on request. It polls their paths once a second. So it notices a file
 * that is written in place, a file that is replaced, and a symbolic link that is (as in Kubernetes), on any
 * file system.
 */
export class Reloading {
  readonly #log: Logger
  readonly #all: Reloadable[] = []
  readonly #watched: { file: string; listener: () => void }[] = []

  constructor(log: Logger) {
    this.#log = log
  }

  /** Whether there is anything to reload. */
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

  /** Reloads everything. */
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
