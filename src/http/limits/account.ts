import { Problem } from '../problems/problem.ts'

/** Larger bodies and answers leave room for small ones. */
export const SMALL_BYTES = 64 * 1024

/** The part of the room that is kept for small bodies and answers, and once more for what relieves the server. */
const RESERVED_SHARE = 1 / 8

/** A room in which every small body or answer has a place while others of its kind are not held. */
export const LEAST_ROOM_BYTES = SMALL_BYTES / RESERVED_SHARE

/** What bytes are held for. `relief`: small bodies of requests that free memory or disk, such as acks. */
export type Kind = 'small' | 'large' | 'relief'

/** The kind of a body or an answer with so many bytes. */
export function kindOf(bytes: number): Kind {
  return bytes > SMALL_BYTES ? 'large' : 'small'
}

/** Who the bytes are held for: a token, or a remote address where there is no token. */
export class Payer {
  readonly held: Record<Kind, number> = { small: 0, large: 0, relief: 0 }
  /** It waits for room in its share. */
  isStarved = false
  /** Open connections of a remote address. */
  connections = 0
}

export interface AccountOptions {
  /** How many bytes may be held in all. */
  readonly roomBytes: number
  /** How many of them may be held for one payer. */
  readonly shareBytes: number
  /** Bytes of changes that wait for the disk, which nobody else counts. */
  readonly unkeptBytes: () => number
  /** Called after bytes were released while somebody waited for that. */
  readonly onRoom: () => void
}

/**
 * Counts every byte that the server holds for its clients: bodies, unsent answers, and changes that wait for the disk.
 * Large ones never take the last eighth of the room, so small requests continue while large ones are slow. A payer
 * never takes more than its share, by the same rules. A large body or answer is always let in where no other is held:
 * otherwise one that is larger than the room would never be served.
 */
export class Account {
  readonly #options: AccountOptions
  readonly #held: Record<Kind, number> = { small: 0, large: 0, relief: 0 }
  #isStarved = false

  constructor(options: AccountOptions) {
    this.#options = options
  }

  /** All bytes that are held now. */
  get bytes(): number {
    return sum(this.#held) + this.#options.unkeptBytes()
  }

  /** Why so many bytes more cannot be held; undefined if they can. Holds nothing. */
  refusal(payer: Payer, kind: Kind, bytes: number): Problem | undefined {
    const { roomBytes, shareBytes } = this.#options
    switch (this.#lack(payer, kind, bytes)) {
      case 'room':
        return new Problem('overloaded', `Limit reached: ${roomBytes} bytes are buffered`)
      case 'share':
        return new Problem(
          'too-many-bytes',
          `Limit reached: ${shareBytes} bytes are buffered for this client`
        )
      default:
        return undefined
    }
  }

  /** The same, but undefined as long as the payer's own share has room, whoever else takes what there is. */
  shareRefusal(payer: Payer, kind: Kind, bytes: number): Problem | undefined {
    const hasShare = fits(payer.held, 0, kind, bytes, this.#options.shareBytes)
    return hasShare ? undefined : this.refusal(payer, kind, bytes)
  }

  /** Holds bytes, whether there is room or not. A negative number releases them. */
  hold(payer: Payer, kind: Kind, bytes: number): void {
    this.#held[kind] += bytes
    payer.held[kind] += bytes
    if (bytes >= 0 || !(this.#isStarved || payer.isStarved)) return
    this.#isStarved = false
    payer.isStarved = false
    this.#options.onRoom()
  }

  /** Whether so many bytes more can be held. If not, `onRoom` is called when it is worth asking again. */
  hasRoom(payer: Payer, kind: Kind, bytes: number): boolean {
    const lack = this.#lack(payer, kind, bytes)
    if (lack === 'room') this.#isStarved = true
    else if (lack === 'share') payer.isStarved = true
    return lack === undefined
  }

  #lack(payer: Payer, kind: Kind, bytes: number): 'room' | 'share' | undefined {
    const { roomBytes, shareBytes, unkeptBytes } = this.#options
    if (!fits(this.#held, unkeptBytes(), kind, bytes, roomBytes)) return 'room'
    return fits(payer.held, 0, kind, bytes, shareBytes) ? undefined : 'share'
  }
}

function fits(
  held: Readonly<Record<Kind, number>>,
  unkept: number,
  kind: Kind,
  bytes: number,
  room: number
): boolean {
  const { small, large, relief } = held
  const reserved = room * RESERVED_SHARE
  const total = small + large + relief + unkept
  if (kind === 'large')
    return total + bytes <= room * (1 - RESERVED_SHARE) || (large === 0 && total <= reserved)
  return total + bytes <= room || (kind === 'small' ? small + unkept : relief) + bytes <= reserved
}

function sum({ small, large, relief }: Readonly<Record<Kind, number>>): number {
  return small + large + relief
}
