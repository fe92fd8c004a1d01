import type { FastifyRequest } from 'fastify'
import type { Engine } from '../contract/engine.ts'
import type { AppendEntry } from '../contract/entries.ts'
import { type EntryId, idMs } from '../contract/entry-id.ts'
import type { StreamRef } from '../contract/refs.ts'
import { requireScope, tokenOf } from './access/guard.ts'

/*
 * An id far ahead leaves a stream without ids for others, and a group without entries, until somebody with the scope
 * `manage` mends it. So it takes that scope.
 */

/** Clocks of clients may be wrong, but not by more. */
const MAX_AHEAD_MS = 24 * 3600 * 1000

/** Throws forbidden when an entry would get an id that lies more than a day ahead. */
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

/** Throws forbidden when a group would begin beyond the last id of its stream. Rejects: stream-not-found. */
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
