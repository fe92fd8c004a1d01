/*
 * A reader of records and stored values that is built from docs/on-disk-format.md alone: from its encodings, and from
 * the members in its listings.
 */

/** A member and its encoding, or members that repeat. The count or the list before them determines how often. */
export type Item = { readonly name: string; readonly type: string } | { readonly repeated: readonly Item[] }

export interface Layout {
  readonly number: number
  readonly items: readonly Item[]
}

/**
 * The layouts in the page's listings, keyed by name. `line` matches the first line of a layout: number, name,
 * members.
 */
export function layoutsOf(page: string, line: RegExp): Map<string, Layout> {
  const layouts = new Map<string, Layout>()
  const listings = [...page.matchAll(/^```\n(.*?)^```$/gms)].map(([, text = '']) => text)
  for (const listing of listings) {
    // A line that begins with more than one space continues the one before.
    for (const text of listing.replaceAll(/\n {4,}/g, ' ').split('\n')) {
      const [, number = '', name, members = ''] = line.exec(text) ?? []
      if (name !== undefined) layouts.set(name, { number: Number(number), items: itemsOf(members) })
    }
  }
  return layouts
}

function itemsOf(members: string): Item[] {
  const items: Item[] = []
  for (const [text, repeated] of members.matchAll(/\{ ([^}]*) \}[^,]*|[^,{]+/g)) {
    const words = text.trim().split(' ')
    const type = words.at(-1) ?? ''
    if (repeated !== undefined) items.push({ repeated: itemsOf(repeated) })
    else if (type !== '') items.push({ name: words.slice(0, -1).join(' ') || type, type })
  }
  return items
}

/** Reads the members of a record or value. Throws if the bytes end too early or too late. */
export function membersIn(bytes: Uint8Array, items: readonly Item[]): Record<string, unknown> {
  const reader = new Reader(bytes)
  const members = reader.members(items, 0n)
  reader.assertEnd()
  return members
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
  }

  /** `previous` is the id to which a step is added. */
  members(items: readonly Item[], previous: bigint): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    let times = 0
    for (const item of items) {
      if ('repeated' in item) {
        members['repeated'] = this.#repeated(item.repeated, times)
        continue
      }
      const value = this.#value(item.type, previous)
      members[item.name] = value
      if (Array.isArray(value)) times = value.length
      else if (item.name === 'count') times = Number(value)
    }
    return members
  }

  assertEnd(): void {
    if (this.#at !== this.#bytes.length)
      throw new RangeError(`${this.#bytes.length - this.#at} bytes are left`)
  }

  #repeated(items: readonly Item[], times: number): Record<string, unknown>[] {
    const all: Record<string, unknown>[] = []
    let previous = 0n
    for (let i = 0; i < times; i++) {
      const members = this.members(items, previous)
      if (typeof members['id'] === 'bigint') previous = members['id']
      all.push(members)
    }
    return all
  }

  #value(type: string, previous: bigint): unknown {
    if (type.endsWith('?')) return this.#byte() === 0 ? null : this.#value(type.slice(0, -1), previous)
    switch (type) {
      case 'byte':
        return this.#byte()
      case 'flag':
        return this.#byte() === 1
      case 'varint':
        return this.#varint()
      case 'blob':
        return this.#take(this.#varint())
      case 'text':
        return this.#take(this.#varint()).toString()
      case 'id':
        return this.#id()
      case 'step':
        return this.#step(previous)
      case 'ids':
        return this.#ids()
      default:
        throw new RangeError(`The page does not define the encoding ${type}`)
    }
  }

  #take(length: number): Buffer {
    const from = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) throw new RangeError('The bytes end too early')
    return this.#bytes.subarray(from, this.#at)
  }

  #byte(): number {
    return this.#take(1).readUInt8()
  }

  #varint(): number {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return Number(value)
    }
  }

  #id(): bigint {
    const bytes = this.#take(16)
    return (bytes.readBigUInt64LE(0) << 64n) | bytes.readBigUInt64LE(8)
  }

  #step(previous: bigint): bigint {
    const step = this.#varint()
    return step === 0 ? this.#id() : previous + BigInt(step)
  }

  #ids(): bigint[] {
    const ids: bigint[] = []
    for (let left = this.#varint(); left > 0; left--) ids.push(this.#step(ids.at(-1) ?? 0n))
    return ids
  }
}
