/** The package brings no types: what is used of it. */
declare module 'fs-native-extensions' {
  /** Locks the whole open file for this file descriptor alone, or with others that share it. False when it is taken. */
  export function tryLock(fd: number, options?: { shared: boolean }): boolean
}
