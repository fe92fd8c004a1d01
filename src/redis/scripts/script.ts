import { createHash } from 'node:crypto'

/**
 * Where entries wait that were delivered to a reader who hung up: pending, in the group itself, with a consumer whose
 * name no request can have, never delivered (count 0). So they come and go with their group, whoever destroys it; a
 * native client sees them in XPENDING and may claim them like those of any dead consumer.
 */
export const RETURNED = '\u0001weir:returned'

/**
 * A script as Redis runs it: one atomic step, about one stream, which is its key. Each looks at everything that it could be
 * refused for before its first write, since Redis takes nothing back. `A` has its arguments.
 */
export interface Script<in A extends object> {
  readonly text: string
  readonly sha: string
  /** It changes nothing: when its answer is lost, nothing is in doubt. */
  readonly isReading: boolean
  /** It answers with fields, whose bytes may be no UTF-8. */
  readonly hasFields: boolean
  /** The arguments as Redis gets them. */
  argumentsOf(values: A): string[]
}

type Value = string | number | boolean | undefined | readonly string[]

interface ScriptOptions<A extends object> {
  readonly isReading: boolean
  readonly hasFields: boolean
  /** Of the arguments. Only the last one may be a list. */
  readonly order: readonly (keyof A & string)[]
}

/** For `generated.ts`. */
export function script<A extends object>(
  { order, ...what }: ScriptOptions<A>,
  ...texts: readonly string[]
): Script<A> {
  const text = texts.join('\n')
  const argumentsOf = (values: A): string[] => {
    const found: string[] = []
    for (const name of order) {
      const value = values[name] as Value
      if (value === undefined) found.push('')
      else if (typeof value === 'boolean') found.push(value ? '1' : '0')
      else if (typeof value === 'object') for (const item of value) found.push(item)
      else found.push(String(value))
    }
    return found
  }
  return { ...what, text, sha: createHash('sha1').update(text).digest('hex'), argumentsOf }
}
