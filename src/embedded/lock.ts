import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { tryLock } from 'fs-native-extensions'
import { EngineError } from '../errors.ts'
import { isShortage } from './journal/files.ts'

export interface Lock {
  release(): Promise<void>
}

export const LOCK_FILE = 'lock'

/**
 * Takes a directory for this process alone, and for one caller in it. The kernel holds the lock on the open file
 * `lock`, so it goes with the process however that ends; the file stays. What it says is for people only: which
 * process, and since when. Throws storage-failed when the directory is taken.
 */
export async function lockDirectory(directory: string): Promise<Lock> {
  const file = await open(path.join(directory, LOCK_FILE), 'a+', 0o600)
  try {
    if (!tryLock(file.fd)) throw await taken(directory, file)
    await signFor(file)
  } catch (error) {
    await file.close()
    throw error
  }
  return { release: () => file.close() }
}

/** Throws storage-failed when a process has the directory. Changes nothing. */
export async function assertFree(directory: string): Promise<void> {
  const lock = await lockFree(directory)
  if (lock !== null) return lock.release()
  const file = await open(path.join(directory, LOCK_FILE), 'r')
  try {
    throw await taken(directory, file)
  } finally {
    await file.close()
  }
}

/** Keeps a directory that no process has from being taken by one. Null when a process has it. Changes nothing. */
export async function lockFree(directory: string): Promise<Lock | null> {
  const file = await open(path.join(directory, LOCK_FILE), 'r')
  if (tryLock(file.fd, { shared: true })) return { release: () => file.close() }
  await file.close()
  return null
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

async function taken(directory: string, file: FileHandle): Promise<EngineError> {
  const signature = /^(\d+) (\S+)\n$/.exec(await file.readFile('utf8'))
  const owner =
    signature === null
      ? 'another process'
      : signature[1] === String(process.pid)
        ? 'this process already'
        : `another process (pid ${signature[1]}, since ${signature[2]})`
  return new EngineError('storage-failed', `${owner} has the data directory ${directory} open`)
}
