import type { FieldsJson } from '../../contract/entries.ts'
import { ANSWER_BYTES, ENTRY_BYTES } from '../../semantics/answer-size.ts'

/** Room for entries in an answer. */
export interface AnswerBudget {
  readonly bytes: number
  /** No entry may go beyond it. Otherwise the first one may, so that one always has room. */
  readonly isStrict: boolean
}

/** All there is in an answer. */
export const WHOLE_BUDGET: AnswerBudget = { bytes: ANSWER_BYTES, isStrict: false }

/** What one stream has given to an answer. */
export interface Part {
  readonly entries: readonly { readonly fields: FieldsJson | null }[]
  /** It has more that there was no room for. */
  readonly isCut: boolean
}

/**
 * What each of several streams, all read at once, may give to one answer. No size is known before an entry is read, so
 * each gets an equal share; `fillUp` reads the rest.
 */
export function shareOf(streams: number): AnswerBudget {
  return streams === 1 ? WHOLE_BUDGET : { bytes: Math.floor(ANSWER_BYTES / streams), isStrict: true }
}

/**
 * Goes on with the parts that their share has cut, one after the other, as long as the answer has room. `more` reads
 * on in one of them and gives both together; `parts` has them when it rejects, too.
 */
export async function fillUp<P extends Part>(
  parts: P[],
  more: (part: P, index: number, room: AnswerBudget) => Promise<P>
): Promise<void> {
  if (parts.length === 1) return
  let left = ANSWER_BYTES - parts.reduce((sum, part) => sum + bytesOf(part), 0)
  for (const [index, part] of parts.entries()) {
    if (!part.isCut) continue
    if (left <= 0) return
    const isStrict = parts.some(({ entries }) => entries.length > 0)
    const whole = await more(part, index, { bytes: left, isStrict })
    parts[index] = whole
    // The server counts a little differently: it is the one who says that the room is used up.
    if (whole.isCut) return
    left -= bytesOf(whole) - bytesOf(part)
  }
}

/** The first entries that have room in an answer which has others already. */
export function fittingBeside<E extends Part['entries'][number]>(
  others: readonly (E | null)[],
  entries: E[]
): E[] {
  let left = ANSWER_BYTES - bytesOf({ entries: others.flatMap((entry) => entry ?? []) })
  const end = entries.findIndex((entry) => {
    left -= bytesOf({ entries: [entry] })
    return left < 0
  })
  return end < 0 ? entries : entries.slice(0, end)
}

/** As scripts take it. */
export function roomArgs({ bytes, isStrict }: AnswerBudget): { roomBytes: number; isStrict: boolean } {
  return { roomBytes: bytes, isStrict }
}

function bytesOf({ entries }: Pick<Part, 'entries'>): number {
  return entries.reduce((sum, { fields }) => sum + ENTRY_BYTES + (fields?.length ?? 0), 0)
}
