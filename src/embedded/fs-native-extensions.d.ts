/** The package brings no types: what is used of it. */
declare module 'fs-native-extensions' {
  /** Locks the whole open file for this file descriptor alone. False when another one holds it. */
  export function tryLock(fd: number): boolean
}
