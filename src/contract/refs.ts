export interface StreamRef {
  readonly stream: string
}

export interface GroupRef extends StreamRef {
  readonly group: string
}

export interface ConsumerRef extends GroupRef {
  readonly consumer: string
}

export interface Created {
  /** False when it existed. */
  readonly created: boolean
}

/** Pages in the byte order of names. While nothing changes, each name is on exactly one page. */
export interface PageRequest {
  readonly limit: number
  /** The previous page's `cursor`. What it ended with may have been deleted since. */
  readonly cursor?: string
}
