import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { EngineError } from '../contract/errors.ts'
import { socketIn } from './control-socket.ts'
import { diskFiles, type OpenFile, readOnlyFiles } from './journal/files.ts'
import { fileOffset, HEADER_BYTES, namedSegments, openSegment } from './journal/segment.ts'
import { LOCK_FILE, type Lock, lockFree } from './lock.ts'
import { JOURNAL_DIRECTORY } from './storage.ts'
import { STORE_FILE, Store } from './store/store.ts'

/**
 * Copies a data directory, whether it is in use or not. The copy is a data directory, too, and holds what was kept at
 * one moment towards the end:
 *
 * 1. the engine that has the directory open, if one has, is asked to hold on to its journal;
 * 2. the store is copied as its last checkpoint left it, while further ones may come;
 * 3. the engine is asked how far the journal has come: this is the moment;
 * 4. the journal is copied, from the position of the checkpoint up to that one.
 *
 * Rejects with storage-failed; then there is no copy. The copy has its name only when it is whole, and on disk.
 */
export async function backUp(directory: string, to: string): Promise<void> {
  if (!existsSync(path.join(directory, JOURNAL_DIRECTORY)))
    throw refused(`${directory} is not a data directory`)
  if (existsSync(to)) throw refused(`${to} already exists`)
  const unfinished = await mkdtemp(`${path.resolve(to)}.unfinished-`)
  try {
    await copyTo(directory, unfinished)
    await rename(unfinished, to)
    await diskFiles.syncDirectory(path.dirname(path.resolve(to)))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

async function copyTo(directory: string, to: string): Promise<void> {
  const journal = path.join(to, JOURNAL_DIRECTORY)
  const source = await openSource(directory)
  try {
    await mkdir(journal, { mode: 0o700 })
    await diskFiles.create(path.join(to, LOCK_FILE)).then((lock) => lock.close())
    const checkpoint = await copyStore(directory, to)
    await copyJournal(directory, to, checkpoint, await source.position())
  } finally {
    await source.release()
  }
  await diskFiles.syncDirectory(journal)
  await diskFiles.syncDirectory(to)
}

/** What keeps the files of a directory from going away while they are copied. */
interface Source {
  /** How much of the journal is to be copied. */
  position(): Promise<number>
  release(): Promise<void>
}

async function openSource(directory: string): Promise<Source> {
  const lock = await lockFree(directory)
  return lock === null ? sourceInUse(directory) : sourceAtRest(lock)
}

function sourceAtRest(lock: Lock): Source {
  return { position: async () => Number.POSITIVE_INFINITY, release: () => lock.release() }
}

async function sourceInUse(directory: string): Promise<Source> {
  const socket = await connectTo(directory)
  return {
    position: () =>
      new Promise((resolve, reject) => {
        const onClose = () =>
          reject(refused(`The Weir process that has ${directory} open ended during the backup`))
        socket.once('close', onClose)
        socket.once('data', (line) => resolve(Number(line)))
        socket.write('position\n')
      }),
    async release() {
      socket.destroy()
    }
  }
}

async function connectTo(directory: string): Promise<Socket> {
  const socketPath = await socketIn(directory)
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connect(socketPath.path)
      socket.once('connect', () => resolve(socket))
      socket.on('error', (cause) => {
        const why = `Cannot connect to the Weir process that has ${directory} open: ${cause.message}`
        reject(new EngineError('storage-failed', why, { cause }))
      })
    })
  } finally {
    await socketPath.close()
  }
}

/** Gives the journal position of the checkpoint that the copy holds; 0 when it holds none. */
async function copyStore(directory: string, to: string): Promise<number> {
  const store = Store.openReadOnly(directory)
  if (store === null) return 0
  await store.copyTo(path.join(to, STORE_FILE)).finally(() => store.close())
  // lmdb gives its copy to everybody; until now the directory kept them out.
  await chmod(path.join(to, STORE_FILE), 0o600)
  const copy = await diskFiles.open(path.join(to, STORE_FILE))
  await copy.sync().finally(() => copy.close())
  const copied = Store.openReadOnly(to)
  try {
    return copied?.root()?.position ?? 0
  } finally {
    await copied?.close()
  }
}

async function copyJournal(directory: string, to: string, from: number, position: number): Promise<void> {
  for (const { name, end } of namedSegments(await readdir(path.join(directory, JOURNAL_DIRECTORY)))) {
    if (end > from) await copySegment(directory, to, name, from, position)
  }
}

/** A copy ends where there is nothing more to be copied: what is missing is zeros. */
async function copySegment(
  directory: string,
  to: string,
  name: string,
  from: number,
  position: number
): Promise<void> {
  const segment = await openUnlessGone(path.join(directory, JOURNAL_DIRECTORY, name))
  if (segment === null) return
  const { disk, base, end } = segment
  try {
    // The one that begins with the position follows one that may have been closed.
    if (end <= from || base > position) return
    const length = Math.min(await disk.sizeBytes(), fileOffset(segment, Math.min(position, end)))
    const copy = await diskFiles.create(path.join(to, JOURNAL_DIRECTORY, name))
    await copyBytes(disk, copy, Math.max(length, HEADER_BYTES)).finally(() => copy.close())
  } finally {
    await disk.close()
  }
}

/** Null for a segment that the engine let go of before it was asked to hold on, or of which only a part is there. */
async function openUnlessGone(file: string) {
  try {
    return await openSegment(readOnlyFiles, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const PIECE_BYTES = 1 << 20

async function copyBytes(from: OpenFile, to: OpenFile, length: number): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  for (let at = 0; at < length; at += PIECE_BYTES) {
    const wanted = piece.subarray(0, Math.min(PIECE_BYTES, length - at))
    await to.write(wanted.subarray(0, await from.read(wanted, at)), at)
  }
  await to.sync()
}

function refused(message: string): EngineError {
  return new EngineError('storage-failed', message)
}
