import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { useStore } from '../live/store.ts'
import { Balance } from './balance.ts'
import { FIRST_SETTINGS, type Settings } from './settings.ts'

interface Running {
  readonly balance: Balance | null
  readonly failure: string
  /** Starts a balance on a new stream. Ends the previous one. */
  begin(settings?: Partial<Settings>): Promise<Balance | null>
  end(): Promise<void>
}

/** Manages a balance. When the user leaves the view or closes the page, it ends and its stream is deleted. */
export function useBalance(): Running {
  const [balance, setBalance] = useState<Balance | null>(null)
  const [failure, setFailure] = useState('')
  /** The balance that is running or starting, so that it can be ended at any moment. */
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
    // Another one may have been started meanwhile.
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

/** Renders the component again when the balance changes. */
export function useChanges(balance: Balance): void {
  useStore(balance.version)
}
