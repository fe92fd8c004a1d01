import type { FieldsJson } from '../../contract/entries.ts'
import { ANSWER_BYTES, ENTRY_BYTES } from '../../semantics/answer-size.ts'

/** How many bytes of entries an answer may still hold. */
export interface AnswerBudget {
  readonly bytes: number
  /** Whether the first entry must fit, too. If not, an answer always has at least one entry, whatever its size. */
  readonly isStrict: boolean
}

/** The budget of a whole answer. */
export const WHOLE_BUDGET: AnswerBudget = { bytes: ANSWER_BYTES, isStrict: false }

/** What was read from one stream for an answer. */
export interface Part {
  readonly entries: readonly { readonly fields: FieldsJson | null }[]
  /** Whether the stream has more entries, which did not fit. */
  readonly isCut: boolean
}

/**
 * The budget of each stream if several are read at once for one answer. Sizes are known only after the read, so each
 * stream gets an equal share. `fillUp` reads the rest.
 */
export function shareOf(streams: number): AnswerBudget {
  return streams === 1 ? WHOLE_BUDGET : { bytes: Math.floor(ANSWER_BYTES / streams), isStrict: true }
}

/**
 * Continues the parts that their share has cut, one after the other, until the answer is full. `readMore` reads on in
 * one of them and returns the old and new entries together. `parts` is up to date even if this rejects.
 */
export async function fillUp<P extends Part>(
  parts: P[],
  readMore: (part: P, index: number, budget: AnswerBudget) => Promise<P>
): Promise<void> {
  if (parts.length === 1) return
  let bytesLeft = ANSWER_BYTES - parts.reduce((sum, part) => sum + bytesOf(part), 0)
  for (const [index, part] of parts.entries()) {
    if (!part.isCut) continue
    if (bytesLeft <= 0) return
    const isStrict = parts.some(({ entries }) => entries.length > 0)
    const whole = await readMore(part, index, { bytes: bytesLeft, isStrict })
    parts[index] = whole
    // The script counts bytes a little differently. It decides whether the budget is spent.
    if (whole.isCut) return
    bytesLeft -= bytesOf(whole) - bytesOf(part)
  }
}

/** Returns the first entries, as many as fit into an answer that already holds `others`. */
export function fittingBeside<E extends Part['entries'][number]>(
  others: readonly (E | null)[],
  entries: E[]
): E[] {
  let bytesLeft = ANSWER_BYTES - bytesOf({ entries: others.flatMap((entry) => entry ?? []) })
  const end = entries.findIndex((entry) => {
    bytesLeft -= bytesOf({ entries: [entry] })
    return bytesLeft < 0
  })
  return end < 0 ? entries : entries.slice(0, end)
}

/** The budget as arguments of a script. */
export function budgetArgs({ bytes, isStrict }: AnswerBudget): { budgetBytes: number; isStrict: boolean } {
  return { budgetBytes: bytes, isStrict }
}

function bytesOf({ entries }: Pick<Part, 'entries'>): number {
  return entries.reduce((sum, { fields }) => sum + ENTRY_BYTES + (fields?.length ?? 0), 0)
}
