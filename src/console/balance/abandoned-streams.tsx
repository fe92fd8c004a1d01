import { useEffect, useState } from 'preact/hooks'
import type { StreamSummary } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { deleteStream, listStreams } from '../api/operations.ts'
import { counted, momentOf } from '../format.ts'
import { note } from '../parts/notes.tsx'
import { STREAM_PREFIX } from './balance.ts'

/** A balance that got nothing for so long is not being played with. */
const LEFT_MS = 60_000

/** Streams of balances whose page was closed too fast to remove them. */
export function Leftovers({ own }: { own: string | undefined }) {
  const [left, setLeft] = useState<readonly StreamSummary[]>([])
  const [look, setLook] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    listStreams(STREAM_PREFIX, leaving.signal).then(
      (streams) => setLeft(streams.filter((stream) => stream.name !== own && isLeft(stream))),
      // Nothing depends on it: it is looked for again with the next balance.
      () => {}
    )
    return () => leaving.abort()
  }, [own, look])
  if (left.length === 0) return null
  const remove = async () => {
    try {
      for (const { name } of left) await deleteStream(name)
      note(`Removed ${counted(left.length, 'stream')}`)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      note(error.message)
    }
    setLook(look + 1)
  }
  return (
    <section class="panel leftovers">
      <p>
        {counted(left.length, 'stream')} of earlier balances {left.length === 1 ? 'was' : 'were'} left behind
        by pages that were closed: {left.map(({ name }) => name).join(', ')}
      </p>
      <button type="button" class="danger" onClick={() => void remove()}>
        Remove
      </button>
    </section>
  )
}

/** Its name begins with when it was made, its last id with when it got something. */
function isLeft({ name, lastId }: StreamSummary): boolean {
  const madeAt = Number.parseInt(name.slice(STREAM_PREFIX.length), 36)
  return Date.now() - Math.max(madeAt || 0, momentOf(lastId) ?? 0) > LEFT_MS
}
