import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { tryLock } from 'fs-native-extensions'
import { EngineError } from '../contract/errors.ts'
import { isShortage } from './journal/files.ts'
import { STORE_FILE } from './store/store.ts'

export interface Lock {
  release(): Promise<void>
}

export const LOCK_FILE = 'lock'
/** The store is locked as well, because deleting `lock` must not let a second process in. */
const LOCKED_FILES = [LOCK_FILE, STORE_FILE]

/**
 * Locks a directory for one caller in this process. The kernel holds the locks on two open files, `lock` and
 * the store. They end with the process, however it ends; the files stay. The text in `lock` is for people
 * only: the owner's pid and its start time. lmdb locks another file. The locks belong to their descriptors:
 * closing another descriptor of the same file does not release them. Throws storage-failed if the directory
 * is locked.
 */
export async function lockDirectory(directory: string): Promise<Lock> {
  const files: FileHandle[] = []
  try {
    for (const name of LOCKED_FILES) {
      const file = await open(path.join(directory, name), 'a+', 0o600)
      files.push(file)
      if (!tryLock(file.fd)) throw await taken(directory)
    }
    await signFor(files[0] as FileHandle)
  } catch (error) {
    await closeAll(files)
    throw error
  }
  return { release: () => closeAll(files) }
}

/** Throws storage-failed if a process has the directory open. Changes nothing. */
export async function assertFree(directory: string): Promise<void> {
  const lock = await lockFree(directory)
  if (lock === null) throw await taken(directory)
  await lock.release()
}

/**
 * Prevents processes from opening a directory that none has open. Null if one has it open. Changes nothing.
 */
export async function lockFree(directory: string): Promise<Lock | null> {
  const files: FileHandle[] = []
  try {
    for (const name of LOCKED_FILES) {
      const file = await openIfThere(path.join(directory, name))
      if (file === null) continue
      files.push(file)
      if (tryLock(file.fd, { shared: true })) continue
      await closeAll(files)
      return null
    }
  } catch (error) {
    await closeAll(files)
    throw error
  }
  return { release: () => closeAll(files) }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function closeAll(files: readonly FileHandle[]): Promise<void> {
  for (const file of files) await file.close()
}

async function signFor(file: FileHandle): Promise<void> {
  try {
    await file.truncate()
    await file.write(`${process.pid} ${new Date().toISOString()}\n`)
  } catch (error) {
    // The lock works without the text, and a full disk must not prevent its owner from reading what is there.
    if (!isShortage(error)) throw error
  }
}

async function taken(directory: string): Promise<EngineError> {
  const file = await openIfThere(path.join(directory, LOCK_FILE))
  const text = (await file?.readFile('utf8').finally(() => file.close())) ?? ''
  const signature = /^(\d+) (\S+)\n$/.exec(text)
  const owner =
    signature === null
      ? 'another process'
      : signature[1] === String(process.pid)
        ? 'this process already'
        : `another process (pid ${signature[1]}, since ${signature[2]})`
  return new EngineError('storage-failed', `${owner} has the data directory ${directory} open`)
}
