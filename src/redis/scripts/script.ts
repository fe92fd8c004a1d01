import { createHash } from 'node:crypto'

/**
 * The consumer that holds a group's returned entries: those delivered to a reader that hung up. They are pending in the
 * group with a delivery count of 0, and no request can name this consumer. So they go when the group goes, whoever
 * destroys it. A native client sees them in XPENDING and may claim them as those of any dead consumer.
 */
export const RETURNED = '\u0001weir:returned'

/**
 * The consumer that holds a group's nacked entries, which are in nobody's hands. A group has it as long as Weir keeps
 * something of the group in keys of its own, and it marks the group that these keys belong to.
 */
export const NOBODY = '\u0001weir:nobody'

/**
 * A script as Redis runs it: one atomic step on one stream, whose key is its first one. The second one, if it needs any,
 * is the key of what Weir keeps beside the stream. Redis cannot roll back, so each script
 * makes every check that may refuse it before its first write. `A` is the type of its arguments.
 */
export interface Script<in A extends object> {
  readonly text: string
  readonly sha: string
  /** It changes nothing. So if its answer is lost, its outcome is not in doubt. */
  readonly isReading: boolean
  /** It has a second key. */
  readonly hasCompanion: boolean
  /** Its answer has fields, whose bytes may be invalid UTF-8. */
  readonly hasFields: boolean
  /** Converts the arguments to those that Redis expects. */
  argumentsOf(values: A): string[]
}

type Value = string | number | boolean | undefined | readonly string[]

interface ScriptOptions<A extends object> {
  readonly isReading: boolean
  readonly hasFields: boolean
  /** The names of the arguments, in order. Only the last one may be a list. */
  readonly order: readonly (keyof A & string)[]
}

/** Defines a script. Only `generated.ts` calls it. */
export function script<A extends object>(
  { order, ...options }: ScriptOptions<A>,
  ...texts: readonly string[]
): Script<A> {
  const text = texts.join('\n')
  const argumentsOf = (values: A): string[] => {
    const args: string[] = []
    for (const name of order) {
      const value = values[name] as Value
      if (value === undefined) args.push('')
      else if (typeof value === 'boolean') args.push(value ? '1' : '0')
      else if (typeof value === 'object') for (const item of value) args.push(item)
      else args.push(String(value))
    }
    return args
  }
  const hasCompanion = text.includes('KEYS[2]')
  return { ...options, hasCompanion, text, sha: createHash('sha1').update(text).digest('hex'), argumentsOf }
}
