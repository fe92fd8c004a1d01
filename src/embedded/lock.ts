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
/** Deleting `lock` must not let a second process in, so the store's file is locked as well. */
const LOCKED_FILES = [LOCK_FILE, STORE_FILE]

/**
 * Locks a directory for one caller in this process. The kernel holds the locks on two open files, `lock` and the
 * store's, so they end with the process, however it ends; the files stay. The text in `lock` is for people only: the
 * owner's pid and when it started. lmdb locks another file, and these locks belong to their descriptors: closing
 * another descriptor of the same file releases nothing. Throws storage-failed when the directory is taken.
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

/** Throws storage-failed when a process has the directory. Changes nothing. */
export async function assertFree(directory: string): Promise<void> {
  const lock = await lockFree(directory)
  if (lock === null) throw await taken(directory)
  await lock.release()
}

/** Keeps a directory that no process has from being taken by one. Null when a process has it. Changes nothing. */
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
    // The lock holds without a signature, and a full disk must not keep its owner from reading what is there.
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
