/** The package has no types. These are for the part that is used. */
declare module 'fs-native-extensions' {
  /**
   * Locks the whole file, for this file descriptor alone or shared with others. Returns false if it is locked
   * already.
   */
  export function tryLock(fd: number, options?: { shared: boolean }): boolean
}
