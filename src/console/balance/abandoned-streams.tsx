import { useEffect, useState } from 'preact/hooks'
import type { StreamSummary } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { deleteStream, listStreams } from '../api/operations.ts'
import { counted, momentOf } from '../format.ts'
import { note } from '../parts/notes.tsx'
import { STREAM_PREFIX } from './balance.ts'

/** A balance whose stream got no entry for this long is no longer in use. */
const ABANDONED_MS = 60_000

/** Streams of balances whose page closed before it could delete them. */
export function AbandonedStreams({ own }: { own: string | undefined }) {
  const [abandoned, setAbandoned] = useState<readonly StreamSummary[]>([])
  const [checks, setChecks] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    listStreams(STREAM_PREFIX, leaving.signal).then(
      (streams) => setAbandoned(streams.filter((stream) => stream.name !== own && isAbandoned(stream))),
      // Nothing depends on this check. The next balance repeats it.
      () => {}
    )
    return () => leaving.abort()
  }, [own, checks])
  if (abandoned.length === 0) return null
  const remove = async () => {
    try {
      for (const { name } of abandoned) await deleteStream(name)
      note(`Deleted ${counted(abandoned.length, 'stream')}`)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      note(error.message)
    }
    setChecks(checks + 1)
  }
  return (
    <section class="panel leftovers">
      <p>
        {counted(abandoned.length, 'stream')} left over from earlier sessions:{' '}
        {abandoned.map(({ name }) => name).join(', ')}
      </p>
      <button type="button" class="danger" onClick={() => void remove()}>
        Delete
      </button>
    </section>
  )
}

/** The name contains the time when the page created the stream. The last id contains the time of the last append. */
function isAbandoned({ name, lastId }: StreamSummary): boolean {
  const createdAt = Number.parseInt(name.slice(STREAM_PREFIX.length), 36)
  return Date.now() - Math.max(createdAt || 0, momentOf(lastId) ?? 0) > ABANDONED_MS
}
