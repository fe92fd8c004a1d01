/** What the rows of a run, and their targets, depend on. */
export interface Setting {
  /** Appends a second in the scenarios with a steady rate. */
  readonly rate: number
  readonly engine: 'embedded' | 'redis'
}

export const DEFAULT_SETTING: Setting = { rate: 10_000, engine: 'embedded' }

/** A target that applies only at the default rate. Undefined at any other rate. */
export function targetAt<T>({ rate }: Setting, target: T): T | undefined {
  return rate === DEFAULT_SETTING.rate ? target : undefined
}
