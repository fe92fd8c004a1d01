import document from '../../openapi/openapi.json' with { type: 'json' }
import type { ProblemCode } from '../../src/http/problems/problem.ts'

/** The operations that a worker sends until they are answered. */
export const SETTLED = ['ensureGroup', 'readGroup', 'ackEntries', 'nackEntries'] as const

/** All operations that a worker calls. */
export type Operation = (typeof SETTLED)[number] | 'extendEntries' | 'deleteConsumer'

/** Somebody deleted what the request names. */
export const GONE: readonly ProblemCode[] = ['stream-not-found', 'group-not-found', 'consumer-not-found']

const operations: readonly { operationId: string; 'x-codes'?: ProblemCode[] }[] = Object.values(
  document.paths
).flatMap((methods) => Object.values(methods))

/** The codes that an operation can answer with, according to the document. */
export function codesOf(operation: Operation): ProblemCode[] {
  const codes = operations.find(({ operationId }) => operationId === operation)?.['x-codes'] ?? []
  if (codes.length === 0) throw new Error(`The document has no codes of ${operation}`)
  return codes
}
