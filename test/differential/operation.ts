import type { Engine } from '../../src/contract/engine.ts'

/** Operations without an equivalent in Redis. */
type OnlyInWeir = 'nackEntries' | 'extendEntries' | 'listDead' | 'redriveEntries'

/** The operations of programs: all that neither wait nor return pages, if Redis has an equivalent. */
type Kind = Exclude<keyof Engine, OnlyInWeir | 'listStreams' | 'status' | 'drain' | 'close'>

/** A request that can be printed: ids are texts, fields are objects. */
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

/** One operation of a program, with the names of the contract. */
export type OperationOf<K extends Kind> = { [P in K]: { readonly kind: P } & RequestOf<P> }[K]
export type Operation = OperationOf<Kind>

/** An operation, a pause in milliseconds, or a restart of Weir. */
export type Step = Operation | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'reopen' }

/** The streams that an operation names, in the same order. */
export function streamsOf(operation: Operation): string[] {
  return 'streams' in operation ? operation.streams.map(({ stream }) => stream) : [operation.stream]
}

export function groupOf(operation: Operation): string | undefined {
  return 'group' in operation ? operation.group : undefined
}
