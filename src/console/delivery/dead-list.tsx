import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { DeadPage, Redriven } from '../api/answers.ts'
import { count, entries } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { Pager } from '../parts/pager.tsx'
import type { GroupRef } from '../routes.ts'
import { AckDialog } from '../views/pending-dialogs.tsx'
import { DeadTable } from './dead-table.tsx'
import { RedriveDialog } from './redrive-dialog.tsx'

const POLL_MS = 1000
const PAGE = 50

interface DeadListProps {
  readonly target: GroupRef
  readonly title: string
  /** Whether the list is known to be empty, so that it need not be polled. */
  readonly isEmpty?: boolean
  readonly canAck?: boolean
  /** Shown if the list has no entries. */
  readonly empty: string
  readonly children?: ComponentChildren
  load(page: { limit: number; cursor: string | undefined }, signal: AbortSignal): Promise<DeadPage>
  onDone(): void
}

/** A list of dead entries. Users can open, redrive and ack them. */
export function DeadList(props: DeadListProps) {
  const { target, title, isEmpty = false, canAck = false, empty, children, load, onDone } = props
  const [cursors, setCursors] = useState<readonly string[]>([])
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [openDialog, setOpenDialog] = useState<'redrive' | 'redrive all' | 'ack' | null>(null)
  const [redriven, setRedriven] = useState<Redriven>()
  const titleId = useId()
  const cursor = cursors.at(-1)
  const key = JSON.stringify([target, cursor, isEmpty])
  const { data, refusal, refresh } = usePolling(key, POLL_MS, (signal): Promise<DeadPage> => {
    return isEmpty ? Promise.resolve({ dead: [] }) : load({ limit: PAGE, cursor }, signal)
  })
  const page = data?.dead ?? []
  // A page of dead letters may be empty although others follow.
  const hasPages = page.length > 0 || cursors.length > 0 || data?.cursor !== undefined
  const ids = page.map(({ id }) => id).filter((id) => selected.has(id))
  const done = () => {
    setSelected(new Set())
    refresh()
    onDone()
  }
  const close = () => setOpenDialog(null)
  const afterRedrive = (answer: Redriven) => {
    setRedriven(answer)
    // Entries of later pages may have moved to the first one.
    setCursors([])
    done()
  }
  return (
    <section class="panel flush" aria-labelledby={titleId}>
      <div class="tools">
        <h2 id={titleId}>{title}</h2>
        {hasPages && (
          <span class="tools-end">
            <span class="soft" role="status">
              {ids.length > 0 ? `${entries(ids.length)} selected` : ''}
            </span>
            <button type="button" disabled={ids.length === 0} onClick={() => setOpenDialog('redrive')}>
              Redrive…
            </button>
            <button type="button" onClick={() => setOpenDialog('redrive all')}>
              Redrive all…
            </button>
            {canAck && (
              <button type="button" disabled={ids.length === 0} onClick={() => setOpenDialog('ack')}>
                Ack…<span class="unseen"> dead entries</span>
              </button>
            )}
          </span>
        )}
      </div>
      {children}
      {redriven !== undefined && <LastRedrive answer={redriven} />}
      {refusal !== undefined && refusal.status !== 404 && <p class="failure">{refusal.message}</p>}
      {page.length > 0 ? (
        <DeadTable page={page} selected={selected} onSelect={setSelected} />
      ) : (
        (data !== undefined || refusal?.status === 404) && <p class="quiet-note">{empty}</p>
      )}
      {hasPages && (
        <Pager
          isFirst={cursors.length === 0}
          isLast={data?.cursor === undefined}
          previous={() => setCursors(cursors.slice(0, -1))}
          next={() => setCursors([...cursors, data?.cursor ?? ''])}
        />
      )}
      {openDialog === 'redrive' && (
        <RedriveDialog target={target} ids={ids} onDone={afterRedrive} close={close} />
      )}
      {openDialog === 'redrive all' && <RedriveDialog target={target} onDone={afterRedrive} close={close} />}
      {openDialog === 'ack' && <AckDialog target={target} ids={ids} areDead onDone={done} close={close} />}
    </section>
  )
}

/** The result of the last redrive. */
function LastRedrive({ answer: { redriven, notDead, missing } }: { answer: Redriven }) {
  return (
    <p class="tail-state" role="status">
      Redriven: {entries(redriven)}.{notDead.length > 0 && ` Not dead: ${listed(notDead)}.`}
      {missing.length > 0 && ` No longer in the stream, so they stay here: ${listed(missing)}.`}
    </p>
  )
}

/** How many ids of a list are written out. */
const MOST_LISTED = 5

function listed(ids: readonly string[]): string {
  const rest = ids.length - MOST_LISTED
  return rest > 0 ? `${ids.slice(0, MOST_LISTED).join(', ')} and ${count(rest)} more` : ids.join(', ')
}
