/** The number of slots of a cluster. */
export const SLOTS = 16_384

/** The slot of a key in a cluster. */
export function slotOf(key: string): number {
  return crc16(Buffer.from(tagOf(key))) % SLOTS
}

/**
 * The part of a key that its slot depends on: what is between its first opening brace and the next closing one, if that
 * is not empty, and else the whole key.
 */
export function tagOf(key: string): string {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  return close > open + 1 ? key.slice(open + 1, close) : key
}

/** CRC-16/XMODEM, as the Redis Cluster specification requires. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC[((crc >> 8) ^ byte) & 0xff] ?? 0)
  return crc
}

const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
