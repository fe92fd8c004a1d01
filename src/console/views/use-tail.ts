import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { Refusal } from '../api/client.ts'
import { followStream } from '../api/tail.ts'

/** How many entries of a tail are shown. */
const KEPT = 100
/** How often a tail is rendered, however many entries arrive. */
const RENDER_MS = 200

interface Tail {
  /** Newest first. */
  readonly entries: readonly Entry[]
  readonly total: number
  readonly refusal: Refusal | undefined
}

/** The entries that are appended to a stream after an id. Later changes of `after` have no effect. */
export function useTail(stream: string, after: string): Tail {
  const [start] = useState(after)
  const [tail, setTail] = useState<Tail>({ entries: [], total: 0, refusal: undefined })
  useEffect(() => {
    const leaving = new AbortController()
    let arrived: Entry[] = []
    let total = 0
    const render = () => {
      if (arrived.length === 0) return
      const added = arrived.reverse()
      arrived = []
      setTail(({ entries }) => ({
        entries: [...added, ...entries].slice(0, KEPT),
        total,
        refusal: undefined
      }))
    }
    const rendering = setInterval(render, RENDER_MS)
    const take = (entries: Entry[]) => {
      total += entries.length
      arrived = [...arrived, ...entries].slice(-KEPT)
    }
    followStream(stream, start, leaving.signal, take).catch((error) => {
      if (leaving.signal.aborted) return
      if (!(error instanceof Refusal)) throw error
      setTail((before) => ({ ...before, refusal: error }))
    })
    return () => {
      leaving.abort()
      clearInterval(rendering)
    }
  }, [stream, start])
  return tail
}
