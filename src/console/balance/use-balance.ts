import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { useStore } from '../live/store.ts'
import { Balance, FIRST_SETTINGS, type Settings } from './balance.ts'

interface Running {
  readonly balance: Balance | null
  readonly failure: string
  /** Begins with a new stream; what ran before ends. */
  begin(settings?: Partial<Settings>): Promise<Balance | null>
  end(): Promise<void>
}

/** A balance that ends, and takes its stream with it, when somebody leaves the view or closes the page. */
export function useBalance(): Running {
  const [balance, setBalance] = useState<Balance | null>(null)
  const [failure, setFailure] = useState('')
  /** The balance that runs or begins to, for whoever leaves at whatever moment. */
  const current = useRef<Balance | null>(null)
  const isGone = useRef(false)

  const attempt = async <A>(work: () => Promise<A>): Promise<A | null> => {
    try {
      setFailure('')
      return await work()
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      setFailure(error.message)
      return null
    }
  }
  const end = async (isLeaving = false) => {
    const ending = current.current
    current.current = null
    setBalance(null)
    await attempt(async () => ending?.end(isLeaving))
  }
  const begin = async (settings: Partial<Settings> = {}) => {
    await end()
    if (isGone.current) return null
    const next = new Balance({ ...FIRST_SETTINGS, ...settings })
    current.current = next
    const begun = await attempt(() => next.begin().then(() => next))
    // Another one may have been asked for meanwhile.
    if (current.current !== next) return null
    setBalance(begun)
    return begun
  }
  useEffect(() => {
    const leave = () => void end(true)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      isGone.current = true
      void end()
    }
  }, [])
  return { balance, failure, begin, end }
}

/** Draws the component anew when the balance has changed. */
export function useChanges(balance: Balance): void {
  useStore(balance.version)
}
