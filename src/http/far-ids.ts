import type { FastifyRequest } from 'fastify'
import type { Engine } from '../contract/engine.ts'
import type { AppendEntry } from '../contract/entries.ts'
import { type EntryId, idMs } from '../contract/entry-id.ts'
import type { StreamRef } from '../contract/refs.ts'
import { requireScope, tokenOf } from './access/guard.ts'

/*
 * An id far in the future leaves a stream without ids for other producers, or a group without entries, until
 * someone with the scope `manage` repairs it. So such an id requires that scope.
 */

/** How far an id may be in the future, because the clocks of clients may be wrong. */
const MAX_AHEAD_MS = 24 * 3600 * 1000

/** Throws forbidden if an entry has an id more than a day in the future, unless the token allows `manage`. */
export function requireNearIds(
  request: FastifyRequest,
  stream: string,
  entries: readonly AppendEntry[]
): void {
  if (tokenOf(request) === undefined) return
  for (const [index, { id, idMs: ms }] of entries.entries()) {
    if (id === undefined && ms === undefined) continue
    if ((ms ?? idMs(id as EntryId)) <= BigInt(Date.now() + MAX_AHEAD_MS)) continue
    const detail = 'An id more than a day in the future requires the scope "manage"'
    requireScope(request, 'manage', stream, { pointer: `/entries/${index}/id`, detail })
  }
}

/**
 * Rejects with forbidden if a group would start after the last id of its stream, unless the token allows
 * `manage`. Rejects with stream-not-found.
 */
export async function requireKnownPosition(
  request: FastifyRequest,
  engine: Engine,
  { stream }: StreamRef,
  after: EntryId | 'last'
): Promise<void> {
  const token = tokenOf(request)
  if (token === undefined || after === 'last' || after === 0n) return
  if (token.permissions.allows('manage', stream)) return
  const { lastId } = await engine.getStream({ stream })
  if (after <= lastId) return
  const detail = 'An id greater than the stream\'s last id requires the scope "manage"'
  requireScope(request, 'manage', stream, { pointer: '/after', detail })
}
