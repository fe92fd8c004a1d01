/** Stores a value under a key, or removes the key if the value is null. */
export interface Write {
  readonly key: Buffer
  readonly value: Uint8Array | null
}
