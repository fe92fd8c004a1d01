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
 * Copies a data directory, whether or not a process has it open. The copy is a data directory with the state
 * of one moment near the end of the backup:
 *
 * 1. If a process has the directory open, ask it to retain its journal.
 * 2. Copy the store as the last checkpoint left it. Further checkpoints may run meanwhile.
 * 3. Ask the process for the position of its journal. This is the moment of the copy.
 * 4. Copy the journal from the position of the copied checkpoint up to that position.
 *
 * Rejects with storage-failed, and then leaves no copy. The copy gets its name when it is complete and on
 * disk.
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

/** Prevents the deletion of a directory's files while they are copied. */
interface Source {
  /** The position up to which the journal is copied. */
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

/** Returns the journal position of the copied checkpoint; 0 if there is none. */
async function copyStore(directory: string, to: string): Promise<number> {
  const store = Store.openReadOnly(directory)
  if (store === null) return 0
  await store.copyTo(path.join(to, STORE_FILE)).finally(() => store.close())
  // lmdb makes its copy readable for everybody, and this directory does not protect it as the original one
  // did.
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

/** Copies a segment up to the last position to copy. The missing rest counts as zeros. */
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
    // A segment that begins at the position is copied: the one before it may have an end-of-segment record,
    // and then a segment must follow.
    if (end <= from || base > position) return
    const length = Math.min(await disk.sizeBytes(), fileOffset(segment, Math.min(position, end)))
    const copy = await diskFiles.create(path.join(to, JOURNAL_DIRECTORY, name))
    await copyBytes(disk, copy, Math.max(length, HEADER_BYTES)).finally(() => copy.close())
  } finally {
    await disk.close()
  }
}

/**
 * Opens a segment; null if the engine deleted it before it began to retain its journal.
 */
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
