import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'

interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** What the button says that does it. */
  readonly action: string
  /** For what cannot be taken back. */
  readonly isDangerous?: boolean
  readonly canAct?: boolean
  act(): Promise<unknown>
  close(): void
}

/** Asks before something is done. Stays open, and says why, when it could not be done. */
export function Dialog({ title, children, action, isDangerous, canAct = true, act, close }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  useEffect(() => {
    // As a modal it keeps the focus inside, and gives it back to where it was.
    dialog.current?.showModal()
  }, [])
  const submit = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setFailure('')
    try {
      await act()
      dialog.current?.close()
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      setFailure(whyNot(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <form onSubmit={submit}>
        <h2 id={id}>{title}</h2>
        <div class="dialog-body">{children}</div>
        <p role="alert" class="failure">
          {failure}
        </p>
        <div class="dialog-actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? 'danger solid' : 'primary'} disabled={isBusy || !canAct}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** Why something could not be done, and whether it may have been done all the same. */
export function whyNot(error: Refusal | Unreachable): string {
  if (error instanceof Unreachable)
    return `${error.message}. It may have been done all the same: look before you try again.`
  return error.sideEffects === 'possible'
    ? `${error.message} (it may have been done all the same)`
    : error.message
}
