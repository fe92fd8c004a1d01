import type { Engine } from '../../src/contract/engine.ts'

/** The operations that a program is made of: all that neither wait nor page. */
type Kind = Exclude<keyof Engine, 'listStreams' | 'status' | 'drain' | 'close'>

/** A request as it can be written down: ids as texts, fields as objects. */
type Written<T> = T extends bigint
  ? string
  : T extends Uint8Array
    ? Record<string, string>
    : T extends readonly (infer E)[]
      ? readonly Written<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Written<T[K]> }
        : T

export type RequestOf<K extends Kind> = Written<Parameters<Engine[K]>[0]>

/** One operation of a program, in the words of the contract. */
export type OperationOf<K extends Kind> = { [P in K]: { readonly kind: P } & RequestOf<P> }[K]
export type Operation = OperationOf<Kind>

/** An operation, so many milliseconds in which nothing happens, or an end and a new beginning of Weir's process. */
export type Step = Operation | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'reopen' }

/** The streams that an operation names, in its order. */
export function streamsOf(operation: Operation): string[] {
  return 'streams' in operation ? operation.streams.map(({ stream }) => stream) : [operation.stream]
}

export function groupOf(operation: Operation): string | undefined {
  return 'group' in operation ? operation.group : undefined
}
