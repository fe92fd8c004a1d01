import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { Refusal } from '../api/client.ts'
import { followStream } from '../api/tail.ts'

/** How many entries of a tail are kept to be seen. */
const KEPT = 100
/** How often a tail is drawn, however much comes. */
const DRAW_MS = 200

interface Tail {
  /** Newest first. */
  readonly entries: readonly Entry[]
  readonly total: number
  readonly refusal: Refusal | undefined
}

/** What is appended to a stream after an id: the one that was the last to be seen when the tail began. */
export function useTail(stream: string, after: string): Tail {
  const [start] = useState(after)
  const [tail, setTail] = useState<Tail>({ entries: [], total: 0, refusal: undefined })
  useEffect(() => {
    const leaving = new AbortController()
    let came: Entry[] = []
    let total = 0
    const draw = () => {
      if (came.length === 0) return
      const news = came.reverse()
      came = []
      setTail(({ entries }) => ({ entries: [...news, ...entries].slice(0, KEPT), total, refusal: undefined }))
    }
    const drawing = setInterval(draw, DRAW_MS)
    const take = (entries: Entry[]) => {
      total += entries.length
      came = [...came, ...entries].slice(-KEPT)
    }
    followStream(stream, start, leaving.signal, take).catch((error) => {
      if (leaving.signal.aborted) return
      if (!(error instanceof Refusal)) throw error
      setTail((seen) => ({ ...seen, refusal: error }))
    })
    return () => {
      leaving.abort()
      clearInterval(drawing)
    }
  }, [stream, start])
  return tail
}
