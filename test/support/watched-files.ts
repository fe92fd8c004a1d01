import { EventEmitter, once } from 'node:events'
import { basename } from 'node:path'
import { diskFiles, type Files, type OpenFile } from '../../src/embedded/journal/files.ts'

/** One thing that a journal asks of its file system, before it is done. */
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
  /** Without its directory. */
  readonly file: string
}

/**
 * The files of the disk, or others, with somebody to tell first: he may take his time, or throw. What is written
 * through is told as a write and a sync, and is done as these two, or else, with `inOneGo`, is a write.
 */
export function watchedFiles(
  before: (operation: Operation) => void | Promise<void>,
  files: Files = diskFiles,
  inOneGo = false
): Files {
  const tell = async (kind: Operation['kind'], path: string): Promise<void> =>
    before({ kind, file: basename(path) })
  // A file goes by the name it has, also when it got another one while it is open.
  const opened = new Set<{ path: string }>()
  const watched = (path: string, file: OpenFile): OpenFile => {
    const named = { path }
    opened.add(named)
    return {
      sizeBytes: () => file.sizeBytes(),
      close: () => file.close(),
      read: async (into, offset) => {
        await tell('read', named.path)
        return file.read(into, offset)
      },
      write: async (bytes, offset) => {
        await tell('write', named.path)
        await file.write(bytes, offset)
      },
      writeThrough: async (bytes, offset) => {
        await tell('write', named.path)
        if (inOneGo) return file.writeThrough(bytes, offset)
        await file.write(bytes, offset)
        await tell('sync', named.path)
        await file.sync()
      },
      sync: async () => {
        await tell('sync', named.path)
        await file.sync()
      }
    }
  }
  return {
    boot: () => files.boot(),
    identity: (place) => files.identity(place),
    makeDirectory: (directory) => files.makeDirectory(directory),
    list: async (directory) => {
      await tell('list', directory)
      return files.list(directory)
    },
    open: async (path) => {
      await tell('open', path)
      return watched(path, await files.open(path))
    },
    create: async (path) => {
      await tell('create', path)
      return watched(path, await files.create(path))
    },
    rename: async (from, to) => {
      await tell('rename', to)
      await files.rename(from, to)
      for (const named of opened) if (named.path === from) named.path = to
    },
    remove: async (path) => {
      await tell('remove', path)
      await files.remove(path)
    },
    syncDirectory: async (directory) => {
      await tell('syncDirectory', directory)
      await files.syncDirectory(directory)
    }
  }
}

/** The files of the disk without the wait for it: for tests that look at what was written and not at when. */
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

/** An error as the kernel gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the disk says no`), { code })
}

/** Holds up one operation: `arrived` when it has come, then it waits for `letGo`. */
export function gate(): { arrived: Promise<void>; letGo(): void; hold(): Promise<void> } {
  const commands = new EventEmitter()
  const arrived = once(commands, 'arrived').then(() => undefined)
  const released = once(commands, 'letGo').then(() => undefined)
  return {
    arrived,
    letGo: () => void commands.emit('letGo'),
    hold: () => {
      commands.emit('arrived')
      return released
    }
  }
}
