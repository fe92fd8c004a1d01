import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Fault } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { areShown } from './fault-pointers.ts'
import { DialogFaults } from './faults.tsx'

interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** The label of the button that performs the action. */
  readonly action: string
  /** For actions that cannot be undone. */
  readonly isDangerous?: boolean
  readonly canAct?: boolean
  act(): Promise<unknown>
  close(): void
}

/**
 * Asks for confirmation before an action. If the action fails, it stays open and shows why: at the fields of
 * `faults.tsx` that are to blame, or else above the buttons.
 */
export function Dialog({ title, children, action, isDangerous, canAct = true, act, close }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const fields = useRef(new Set<string>()).current
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [faults])
  useEffect(() => {
    // A modal dialog keeps the focus inside. When it closes, the focus returns to where it was.
    dialog.current?.showModal()
  }, [])
  const submit = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setFailure('')
    setFaults([])
    try {
      await act()
      dialog.current?.close()
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      const wrong = error instanceof Refusal ? error.faults : []
      setFaults(wrong)
      setFailure(areShown(wrong, fields) ? 'Nothing was changed: correct the marked fields.' : whyNot(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <form onSubmit={submit}>
        <h2 id={id}>{title}</h2>
        <DialogFaults.Provider value={{ faults, fields }}>
          <div class="dialog-body">{children}</div>
        </DialogFaults.Provider>
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

/** Why an action failed, and whether it may have taken effect anyway. */
export function whyNot(error: Refusal | Unreachable): string {
  if (error instanceof Unreachable)
    return `${error.message}. The action may have taken effect anyway: check before you try again.`
  return error.sideEffects === 'possible'
    ? `${error.message} (the action may have taken effect anyway)`
    : error.message
}
