import type { DeadPage, Group } from '../api/answers.ts'
import { listDead } from '../api/delivery.ts'
import { listEntries } from '../api/operations.ts'
import { addressOf, type GroupRef } from '../routes.ts'
import { DeadList } from './dead-list.tsx'
import { letterOf } from './letters.ts'

interface DeadProps {
  readonly target: GroupRef
  readonly info: Group | undefined
  onDone(): void
}

/** The dead entries of a group: those that it keeps, and those in its dead-letter stream. */
export function DeadEntries({ target, info, onDone }: DeadProps) {
  const { stream, group } = target
  const letters = info?.delivery?.deadLetterStream
  const dead = info?.dead ?? 0
  return (
    <>
      {(dead > 0 || letters === undefined) && (
        <DeadList
          key="group"
          target={target}
          title="Dead entries"
          isEmpty={dead === 0}
          canAck
          empty="No dead entries. An entry is dead after its last failed delivery, or when a worker rejects it."
          load={(page, signal) => listDead(stream, group, page, signal)}
          onDone={onDone}
        />
      )}
      {letters !== undefined && (
        <DeadList
          key={`letters ${letters}`}
          target={target}
          title="Dead letters"
          empty="No dead letters of this group on this page."
          load={(page, signal) => listLetters(letters, target, page, signal)}
          onDone={onDone}
        >
          <p class="quiet-note">
            In the stream <a href={addressOf({ view: 'stream', stream: letters })}>{letters}</a>. Ids are
            those of the original entries.
          </p>
        </DeadList>
      )}
    </>
  )
}

/**
 * Returns a page of the dead letters of a group. The stream may hold those of other groups, so a page can be short, or
 * empty, without being the last one. The cursor is an id of the dead-letter stream.
 */
async function listLetters(
  letters: string,
  target: GroupRef,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  signal: AbortSignal
): Promise<DeadPage> {
  const page = await listEntries(letters, { limit, ...(cursor !== undefined && { after: cursor }) }, signal)
  const dead = page.entries.map((entry) => letterOf(entry, target)).filter((letter) => letter !== null)
  // A page with large entries may be short without being the last one.
  return { dead, ...(page.entries.length > 0 && { cursor: page.next }) }
}
