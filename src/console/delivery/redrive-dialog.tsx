import { useState } from 'preact/hooks'
import type { Redriven } from '../api/answers.ts'
import { redriveAll, redriveEntries } from '../api/delivery.ts'
import { entries } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'
import type { GroupRef } from '../routes.ts'

interface RedriveProps {
  readonly target: GroupRef
  /** If left out, all dead entries of the group are redriven. */
  readonly ids?: readonly string[]
  onDone(answer: Redriven): void
  close(): void
}

/** Lets dead entries be delivered again. */
export function RedriveDialog({ target, ids: selected, onDone, close }: RedriveProps) {
  // The selection when the dialog opened. The list may have changed since.
  const [ids] = useState(selected)
  const { stream, group } = target
  const act = async () => {
    const answer = await (ids === undefined
      ? redriveAll(stream, group)
      : redriveEntries(stream, group, { ids }))
    note(`Redrove ${entries(answer.redriven)}`)
    onDone(answer)
  }
  return (
    <Dialog
      title={ids === undefined ? `Redrive all dead entries of ${group}` : `Redrive ${entries(ids.length)}`}
      action={ids === undefined ? 'Redrive all' : `Redrive ${entries(ids.length)}`}
      act={act}
      close={close}
    >
      <p class="consequence">
        Nothing is lost. The entries are pending again and due at once, and their deliveries count from 0. If
        the workers still cannot process them, they die again.
      </p>
    </Dialog>
  )
}
