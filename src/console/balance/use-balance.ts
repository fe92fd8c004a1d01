import { useEffect, useState } from 'preact/hooks'
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
  useEffect(() => {
    const leave = () => void balance?.end(true)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [balance])
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
  const end = async () => {
    await attempt(async () => balance?.end())
    setBalance(null)
  }
  return {
    balance,
    failure,
    end,
    async begin(settings = {}) {
      await end()
      const next = new Balance({ ...FIRST_SETTINGS, ...settings })
      const begun = await attempt(() => next.begin().then(() => next))
      setBalance(begun)
      return begun
    }
  }
}

/** Draws the component anew when the balance has changed. */
export function useChanges(balance: Balance): void {
  useStore(balance.version)
}
