import type { ConsumerRef } from './refs.ts'

export interface ConsumerInfo {
  readonly name: string
  readonly pending: number
  /** Milliseconds since the consumer last tried to read or claim. */
  readonly idleMs: number
  /** Milliseconds since the consumer last received an entry; null if it never has. */
  readonly inactiveMs: number | null
}

export interface ConsumerPage {
  readonly consumers: readonly ConsumerInfo[]
  /** Absent on the last page. */
  readonly cursor?: string
}

export interface DeleteConsumerRequest extends ConsumerRef {
  /** What becomes of its pending entries. `keep`: a consumer that has some is not deleted. */
  readonly pending: 'keep' | 'drop' | 'release'
}
