import { useRef, useState } from 'preact/hooks'
import type { Entry, EntryPage, Stream } from '../api/answers.ts'
import { entriesPath, listEntries } from '../api/operations.ts'
import { count, moment, momentOf } from '../format.ts'
import { useLooks } from '../live/polling.ts'
import { FieldsLine, FieldsTable } from '../parts/fields.tsx'
import { curl, Empty } from '../parts/notes.tsx'
import { useTail } from './use-tail.ts'

const PAGE = 50
const LOOK_MS = 1000

/** A stream's entries, newest first: page after page, or as they come. What `info` says tells whether there are others. */
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

/** Changes whenever entries come or go. */
function versionOf(info: Stream | undefined): string | undefined {
  return info === undefined ? undefined : `${info.lastId} ${info.length}`
}

function Tail({ stream, after }: { stream: string; after: string }) {
  const { entries, total, refusal } = useTail(stream, after)
  return (
    <>
      {/* That entries come is said once, and not with each of them. */}
      <span class="unseen" role="status">
        {total > 0 ? 'New entries are shown as they come.' : ''}
      </span>
      <p class="tail-state">
        {refusal !== undefined
          ? `The tail has ended: ${refusal.message}`
          : total === 0
            ? 'Waiting for the next entry…'
            : `${count(total)} came since you look; the newest ${count(entries.length)} are shown.`}
      </p>
      <Rows entries={entries} isLive />
    </>
  )
}

/** Where a page begins: behind the newest entries, or before an id. The ids of pages gone through are the way back. */
function Pages({ stream, info }: { stream: string; info: Stream | undefined }) {
  const version = versionOf(info)
  const [way, setWay] = useState<readonly string[]>([])
  const before = way.at(-1)
  const seen = useRef<{ key: string; version: string | undefined; page: EntryPage } | null>(null)
  const key = JSON.stringify([stream, before])
  const { found, refusal } = useLooks(key, LOOK_MS, async (signal): Promise<EntryPage> => {
    // The first page shows what is new, if there is anything; the others stay as they are.
    const last = seen.current
    if (last?.key === key && (before !== undefined || last.version === version)) return last.page
    const range = { order: 'desc', limit: PAGE, ...(before !== undefined && { before }) } as const
    const page = await listEntries(stream, range, signal)
    seen.current = { key, version, page }
    return page
  })
  // Until the next page is there, the one before is still to be seen.
  const page = found ?? seen.current?.page
  const failure = refusal?.message ?? ''
  // A page of large entries has fewer than it may, and is not the last one for that.
  const isLast = page === undefined || page.entries.length === 0 || page.next === info?.firstId
  return (
    <>
      {failure !== '' && <p class="failure">{failure}</p>}
      {page?.entries.length === 0 ? (
        <NoEntries stream={stream} isBehind={way.length > 0} />
      ) : (
        <Rows key={before} entries={page?.entries ?? []} />
      )}
      <div class="pager">
        <button type="button" disabled={way.length === 0} onClick={() => setWay([])}>
          Newest
        </button>
        <button type="button" disabled={way.length === 0} onClick={() => setWay(way.slice(0, -1))}>
          Newer
        </button>
        <button type="button" disabled={isLast} onClick={() => page && setWay([...way, page.next])}>
          Older
        </button>
      </div>
    </>
  )
}

function NoEntries({ stream, isBehind }: { stream: string; isBehind: boolean }) {
  if (isBehind) return <p class="quiet-note">There are none before these.</p>
  const command = curl(entriesPath(stream), { entries: [{ fields: { item: 'book' } }] })
  return <Empty title="The stream holds no entries." command={command} />
}

/** While an entry is open the others stand still, so that it does not run away from whoever reads it. */
function Rows({ entries, isLive = false }: { entries: readonly Entry[]; isLive?: boolean }) {
  const [open, setOpen] = useState<string | null>(null)
  const held = useRef(entries)
  if (open === null) held.current = entries
  const isBehind = held.current[0]?.id !== entries[0]?.id
  return (
    <>
      {isBehind && (
        <p class="tail-state">
          New entries have come.{' '}
          <button type="button" onClick={() => setOpen(null)}>
            Close {open} and see them
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
