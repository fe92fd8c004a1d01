import { createContext } from 'preact'
import { useContext, useEffect, useId } from 'preact/hooks'
import type { Fault } from '../api/answers.ts'
import { withDurations } from '../durations.ts'
import { isAt } from './fault-pointers.ts'

interface Faults {
  /** The faults of the last attempt. */
  readonly faults: readonly Fault[]
  /** The pointers of the fields that show their own faults. */
  readonly fields: Set<string>
}

/** The faults of a dialog. Its fields show them. */
export const DialogFaults = createContext<Faults>({ faults: [], fields: new Set() })

/** Returns why the value of a field was refused. Empty if it was not. */
function useFault(pointer: string): string {
  const { faults, fields } = useContext(DialogFaults)
  useEffect(() => {
    fields.add(pointer)
    return () => {
      fields.delete(pointer)
    }
  }, [fields, pointer])
  return faults.find((fault) => isAt(fault, pointer))?.detail ?? ''
}

interface FieldProps {
  readonly label: string
  readonly hint?: string
  /** The JSON pointer of this field in the request. */
  readonly pointer: string
  readonly value: string
  readonly isNumber?: boolean
  /** Whether the value is a duration or a list of them, so that faults with milliseconds are shown as durations. */
  readonly isDuration?: boolean
  readonly placeholder?: string
  readonly isRequired?: boolean
  set(value: string): void
}

/** A field of a dialog. Shows why its value was refused. */
export function Field(props: FieldProps) {
  const { label, hint = '', pointer, value, placeholder, set } = props
  const { isNumber = false, isDuration = false, isRequired = false } = props
  const detail = useFault(pointer)
  const fault = isDuration ? withDurations(detail) : detail
  const id = useId()
  const described = [hint !== '' && `${id}-hint`, fault !== '' && `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div class="field-of-dialog">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...(isNumber && { type: 'number' as const })}
        required={isRequired}
        autocomplete="off"
        value={value}
        {...(placeholder !== undefined && { placeholder })}
        {...(described !== '' && { 'aria-describedby': described })}
        {...(fault !== '' && { 'aria-invalid': true })}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {hint !== '' && <small id={`${id}-hint`}>{hint}</small>}
      {fault !== '' && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  )
}
