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
  /** False if it already existed. */
  readonly created: boolean
}

/** Pages in the byte order of names. As long as nothing changes, each name is on exactly one page. */
export interface PageRequest {
  readonly limit: number
  /** The `cursor` of the previous page. The last item of that page may have been deleted since. */
  readonly cursor?: string
}
