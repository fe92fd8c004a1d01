import { useRef, useState } from 'preact/hooks'
import type { Entry, EntryPage, Stream } from '../api/answers.ts'
import { entriesPath, listEntries } from '../api/operations.ts'
import { count, counted, moment, momentOf } from '../format.ts'
import { usePolling } from '../live/polling.ts'
import { FieldsLine, FieldsTable } from '../parts/fields.tsx'
import { curl, Empty } from '../parts/notes.tsx'
import { useTail } from './use-tail.ts'

const PAGE = 50
const POLL_MS = 1000

/** A stream's entries, newest first: by page, or as a live tail. `info` shows whether they have changed. */
export function EntryList({ stream, info }: { stream: string; info: Stream | undefined }) {
  const [isLive, setLive] = useState(false)
  return (
    <section class="panel flush" aria-labelledby="entries-title">
      <div class="tools">
        <h2 id="entries-title">Entries</h2>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            aria-checked={isLive}
            checked={isLive}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          Live tail
        </label>
      </div>
      {isLive && info !== undefined ? (
        <Tail stream={stream} after={info.lastId} />
      ) : (
        <Pages stream={stream} info={info} />
      )}
    </section>
  )
}

/** Changes whenever entries are added or removed. */
function versionOf(info: Stream | undefined): string | undefined {
  return info === undefined ? undefined : `${info.lastId} ${info.length}`
}

function Tail({ stream, after }: { stream: string; after: string }) {
  const { entries, total, refusal } = useTail(stream, after)
  return (
    <>
      {/* Screen readers announce this once, not with every entry. */}
      <span class="unseen" role="status">
        {total > 0 ? 'New entries are shown as they arrive.' : ''}
      </span>
      <p class="tail-state">
        {refusal !== undefined
          ? `The tail ended: ${refusal.message}`
          : total === 0
            ? 'Waiting for the next entry…'
            : `${counted(total, 'new entry', 'new entries')}; showing the latest ${count(entries.length)}.`}
      </p>
      <Rows entries={entries} isLive />
    </>
  )
}

/** A stream's entries by page. A page has the newest entries, or those before an id. `pageStarts` leads back. */
function Pages({ stream, info }: { stream: string; info: Stream | undefined }) {
  const version = versionOf(info)
  const [pageStarts, setPageStarts] = useState<readonly string[]>([])
  const before = pageStarts.at(-1)
  const shown = useRef<{ key: string; version: string | undefined; page: EntryPage } | null>(null)
  const key = JSON.stringify([stream, before])
  const { data, refusal } = usePolling(key, POLL_MS, async (signal): Promise<EntryPage> => {
    // The first page is read again when the stream has changed. The others stay as they are.
    const cached = shown.current
    if (cached?.key === key && (before !== undefined || cached.version === version)) return cached.page
    const range = { order: 'desc', limit: PAGE, ...(before !== undefined && { before }) } as const
    const page = await listEntries(stream, range, signal)
    shown.current = { key, version, page }
    return page
  })
  // Shows the previous page until the next one has arrived.
  const page = data ?? shown.current?.page
  const failure = refusal?.message ?? ''
  // A page with large entries may be short without being the last one.
  const isLast = page === undefined || page.entries.length === 0 || page.next === info?.firstId
  return (
    <>
      {failure !== '' && <p class="failure">{failure}</p>}
      {page?.entries.length === 0 ? (
        <NoEntries stream={stream} isPastEnd={pageStarts.length > 0} />
      ) : (
        <Rows key={before} entries={page?.entries ?? []} />
      )}
      <div class="pager">
        <button type="button" disabled={pageStarts.length === 0} onClick={() => setPageStarts([])}>
          Newest
        </button>
        <button
          type="button"
          disabled={pageStarts.length === 0}
          onClick={() => setPageStarts(pageStarts.slice(0, -1))}
        >
          Newer
        </button>
        <button
          type="button"
          disabled={isLast}
          onClick={() => page && setPageStarts([...pageStarts, page.next])}
        >
          Older
        </button>
      </div>
    </>
  )
}

function NoEntries({ stream, isPastEnd }: { stream: string; isPastEnd: boolean }) {
  if (isPastEnd) return <p class="quiet-note">There are no older entries.</p>
  const command = curl(entriesPath(stream), { entries: [{ fields: { item: 'book' } }] })
  return <Empty title="This stream has no entries." command={command} />
}

/** Rows of entries. While an entry is open, the rows stay as they are, so that it does not move while it is read. */
function Rows({ entries, isLive = false }: { entries: readonly Entry[]; isLive?: boolean }) {
  const [open, setOpen] = useState<string | null>(null)
  const held = useRef(entries)
  if (open === null) held.current = entries
  const hasNewer = held.current[0]?.id !== entries[0]?.id
  return (
    <>
      {hasNewer && (
        <p class="tail-state">
          There are new entries.{' '}
          <button type="button" onClick={() => setOpen(null)}>
            Close {open} and show them
          </button>
        </p>
      )}
      <table class={isLive ? 'entries is-live' : 'entries'}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Id</th>
            <th scope="col">Fields</th>
          </tr>
        </thead>
        <tbody>
          {held.current.map((entry) => (
            <Row
              key={entry.id}
              entry={entry}
              isOpen={open === entry.id}
              onToggle={() => setOpen(open === entry.id ? null : entry.id)}
            />
          ))}
        </tbody>
      </table>
    </>
  )
}

function Row({ entry, isOpen, onToggle }: { entry: Entry; isOpen: boolean; onToggle(): void }) {
  const { id } = entry
  return (
    <tr class={isOpen ? 'is-open' : undefined}>
      <td class="of-time">{moment(momentOf(id))}</td>
      <td class="of-id">
        <button type="button" class="link" aria-expanded={isOpen} onClick={onToggle}>
          {id}
        </button>
      </td>
      <td class="of-fields">{isOpen ? <FieldsTable entry={entry} /> : <FieldsLine entry={entry} />}</td>
    </tr>
  )
}
