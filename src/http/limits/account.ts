import { Problem } from '../problems/problem.ts'

/** The size up to which a body or an answer is small. Larger ones leave room for small ones. */
export const SMALL_BYTES = 64 * 1024

/** Share of the room that is reserved for small bodies and answers, and again for relief. */
const RESERVED_SHARE = 1 / 8

/** The smallest room in which any small body or answer fits while no other one is held. */
export const LEAST_ROOM_BYTES = SMALL_BYTES / RESERVED_SHARE

/** What bytes are held for. `relief`: small bodies of requests that free memory or disk, such as acks. */
export type Kind = 'small' | 'large' | 'relief'

/** The kind of a body or an answer of this size. */
export function kindOf(bytes: number): Kind {
  return bytes > SMALL_BYTES ? 'large' : 'small'
}

/** A client to which bytes are charged: a token, or a remote address if the request has no token. */
export class Payer {
  readonly held: Record<Kind, number> = { small: 0, large: 0, relief: 0 }
  /** A request waits for room in its share. */
  isStarved = false
  /** Open connections of a remote address. */
  connections = 0
}

export interface AccountOptions {
  /** Maximum number of bytes held in total. */
  readonly roomBytes: number
  /** Maximum number of bytes held for one payer. */
  readonly shareBytes: number
  /** Bytes of changes that wait for the disk. They are part of the total, and of no payer's share. */
  readonly unkeptBytes: () => number
  /** Called after bytes were released, if a request waited for that. */
  readonly onRoom: () => void
}

/**
 * Counts every byte that the server holds for its clients: bodies, unsent answers, and changes that wait for
 * the disk. Large ones never take the last eighth of the room, so small requests continue while large ones
 * are slow. The same rules apply to each payer's share. A large body or answer is always admitted if no other
 * one is held. Otherwise one that is larger than the room would never be served.
 */
export class Account {
  readonly #options: AccountOptions
  readonly #held: Record<Kind, number> = { small: 0, large: 0, relief: 0 }
  #isStarved = false

  constructor(options: AccountOptions) {
    this.#options = options
  }

  /** Total number of bytes held now. */
  get bytes(): number {
    return sum(this.#held) + this.#options.unkeptBytes()
  }

  /** Why this many more bytes cannot be held. Undefined if they can. Holds nothing. */
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

  /** The same, but undefined as long as the payer's own share has room, however full the account is. */
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

  /** Whether this many more bytes can be held. If not, calls `onRoom` when a retry may succeed. */
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
