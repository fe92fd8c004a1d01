import { EventEmitter, once } from 'node:events'
import { basename } from 'node:path'
import { diskFiles, type Files, type OpenFile } from '../../src/embedded/journal/files.ts'

/** An operation that a journal requests from its file system. */
export interface Operation {
  readonly kind:
    | 'list'
    | 'open'
    | 'create'
    | 'rename'
    | 'remove'
    | 'syncDirectory'
    | 'read'
    | 'write'
    | 'sync'
  /** The name of the file without its directory. */
  readonly file: string
}

/**
 * Files that call `before` before each operation, and wait for it. If it throws, the operation fails. A
 * `writeThrough` is carried out and reported as a write and a sync, or with `inOneGo` as a single write.
 */
export function watchedFiles(
  before: (operation: Operation) => void | Promise<void>,
  files: Files = diskFiles,
  inOneGo = false
): Files {
  const report = async (kind: Operation['kind'], path: string): Promise<void> =>
    before({ kind, file: basename(path) })
  // A file that is renamed while it is open is reported by its new name.
  const opened = new Set<{ path: string }>()
  const watched = (path: string, file: OpenFile): OpenFile => {
    const named = { path }
    opened.add(named)
    return {
      sizeBytes: () => file.sizeBytes(),
      close: () => file.close(),
      read: async (into, offset) => {
        await report('read', named.path)
        return file.read(into, offset)
      },
      write: async (bytes, offset) => {
        await report('write', named.path)
        await file.write(bytes, offset)
      },
      writeThrough: async (bytes, offset) => {
        await report('write', named.path)
        if (inOneGo) return file.writeThrough(bytes, offset)
        await file.write(bytes, offset)
        await report('sync', named.path)
        await file.sync()
      },
      sync: async () => {
        await report('sync', named.path)
        await file.sync()
      }
    }
  }
  return {
    boot: () => files.boot(),
    identity: (place) => files.identity(place),
    makeDirectory: (directory) => files.makeDirectory(directory),
    list: async (directory) => {
      await report('list', directory)
      return files.list(directory)
    },
    open: async (path) => {
      await report('open', path)
      return watched(path, await files.open(path))
    },
    create: async (path) => {
      await report('create', path)
      return watched(path, await files.create(path))
    },
    rename: async (from, to) => {
      await report('rename', to)
      await files.rename(from, to)
      for (const named of opened) if (named.path === from) named.path = to
    },
    remove: async (path) => {
      await report('remove', path)
      await files.remove(path)
    },
    syncDirectory: async (directory) => {
      await report('syncDirectory', directory)
      await files.syncDirectory(directory)
    }
  }
}

/** The files of the disk without syncs, for tests that check what was written and not when. */
export const unsyncedFiles: Files = {
  ...diskFiles,
  open: async (path) => unsynced(await diskFiles.open(path)),
  create: async (path) => unsynced(await diskFiles.create(path)),
  syncDirectory: async () => undefined
}

function unsynced(file: OpenFile): OpenFile {
  return {
    sizeBytes: () => file.sizeBytes(),
    read: (into, offset) => file.read(into, offset),
    write: (bytes, offset) => file.write(bytes, offset),
    writeThrough: (bytes, offset) => file.write(bytes, offset),
    sync: async () => undefined,
    close: () => file.close()
  }
}

/** An error like those that the kernel returns. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the disk failed`), { code })
}

/**
 * Delays an operation that calls `hold` until `letGo` is called. `arrived` resolves when the operation has called it.
 */
export function gate(): { arrived: Promise<void>; letGo(): void; hold(): Promise<void> } {
  const events = new EventEmitter()
  const arrived = once(events, 'arrived').then(() => undefined)
  const released = once(events, 'letGo').then(() => undefined)
  return {
    arrived,
    letGo: () => void events.emit('letGo'),
    hold: () => {
      events.emit('arrived')
      return released
    }
  }
}
