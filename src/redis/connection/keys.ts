/** A stream's key is the prefix and its name. Weir keeps nothing else of a stream in Redis. */
export class Keys {
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  keyOf(stream: string): string {
    return this.#prefix + stream
  }

  streamOf(key: string): string {
    return key.slice(this.#prefix.length)
  }

  /** A pattern for SCAN that matches the streams whose names start with `namePrefix`. */
  pattern(namePrefix: string): string {
    return `${(this.#prefix + namePrefix).replace(/[\\*?[\]^]/g, '\\$&')}*`
  }

  /** The channel on which Weir nodes notify each other of changes to streams that are not appends. */
  get channel(): string {
    return `${this.#prefix}weir:changed`
  }
}

/** The number of slots of a cluster. */
export const SLOTS = 16_384

/** The slot of a key in a cluster. If the key has a non-empty part in braces, only the first such part counts. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key
  return crc16(Buffer.from(hashed)) % SLOTS
}

/** CRC-16/XMODEM, as the Redis Cluster specification requires. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC[((crc >> 8) ^ byte) & 0xff] ?? 0)
  return crc
}

const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
