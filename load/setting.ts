/** What the questions of a run depend on. */
export interface Setting {
  /** Appends a second of the scenarios with a steady rate. */
  readonly rate: number
  readonly engine: 'embedded' | 'redis'
}

export const DEFAULT_SETTING: Setting = { rate: 10_000, engine: 'embedded' }

/** A target that is one of the default rate alone: undefined at any other rate. */
export function targetAt<T>({ rate }: Setting, target: T): T | undefined {
  return rate === DEFAULT_SETTING.rate ? target : undefined
}
