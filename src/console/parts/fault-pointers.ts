import type { Fault } from '../api/answers.ts'

/** Whether a fault belongs to a field: to its pointer, or to a part of its value. */
export function isAt(fault: Fault, pointer: string): boolean {
  return fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`)
}

/** Whether each fault is shown by a field. */
export function areShown(faults: readonly Fault[], fields: ReadonlySet<string>): boolean {
  return faults.length > 0 && faults.every((fault) => [...fields].some((pointer) => isAt(fault, pointer)))
}
