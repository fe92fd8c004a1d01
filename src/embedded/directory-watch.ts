import path from 'node:path'
import { type Files, isShortage } from './journal/files.ts'
import { STORE_FILE } from './store/store.ts'

/** Short enough to notice a loss within a second. */
const EVERY_MS = 500

interface Watched {
  readonly files: Files
  readonly directory: string
  readonly journalDirectory: string
  /** The segment that is being written; null if the journal has none. */
  currentSegment(): string | null
  /** Called once. A start would not find what is written from now on. */
  onLost(error: Error): void
}

/**
 * Checks twice a second that a data directory, its store, its journal and the current segment still have
 * their names. After an `rm`, `mv` or unmount, the process could otherwise write for ever to files that no
 * start will find.
 */
export class DirectoryWatch {
  readonly #watched: Watched
  /** The identity of each file and directory when it was opened. */
  readonly #identities: ReadonlyMap<string, string>
  #segment: { readonly file: string; readonly identity: string } | null = null
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  /** Call it when all files are open. */
  static async start(watched: Watched): Promise<DirectoryWatch> {
    const identities = new Map<string, string>()
    const { files, directory, journalDirectory } = watched
    for (const file of [directory, path.join(directory, STORE_FILE), journalDirectory]) {
      identities.set(file, await files.identity(file))
    }
    const watch = new DirectoryWatch(watched, identities)
    await watch.#check()
    return watch
  }

  private constructor(watched: Watched, identities: ReadonlyMap<string, string>) {
    this.#watched = watched
    this.#identities = identities
  }

  /** Does not wait for a running check: on a network file system it may never end. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    try {
      for (const [file, identity] of this.#identities)
        await expectIdentity(this.#watched.files, file, identity)
      await this.#checkSegment()
    } catch (error) {
      if (this.#isClosed) return
      if (!isShortage(error)) return this.#watched.onLost(error as Error)
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#check(), EVERY_MS)
  }

  async #checkSegment(): Promise<void> {
    const { files } = this.#watched
    const file = this.#watched.currentSegment()
    if (file === null) return
    try {
      if (this.#segment?.file === file) await expectIdentity(files, file, this.#segment.identity)
      else this.#segment = { file, identity: await files.identity(file) }
    } catch (error) {
      // The segment may have been filled and deleted meanwhile.
      if (this.#watched.currentSegment() === file) throw error
    }
  }
}

async function expectIdentity(files: Files, file: string, identity: string): Promise<void> {
  if ((await files.identity(file)) !== identity) throw new Error(`${file} has been replaced`)
}
