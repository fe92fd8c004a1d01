import type { Engine } from '../../src/contract/engine.ts'
import { placeBefore } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { Decision } from '../../src/embedded/core/decide/decision.ts'
import * as entries from '../../src/embedded/core/decide/entries.ts'
import { extendEntries } from '../../src/embedded/core/decide/extend.ts'
import * as groups from '../../src/embedded/core/decide/groups.ts'
import * as nacks from '../../src/embedded/core/decide/nacks.ts'
import * as pending from '../../src/embedded/core/decide/pending.ts'
import type { GroupDelivery } from '../../src/embedded/core/decide/reading.ts'
import { readGroups } from '../../src/embedded/core/decide/reads.ts'
import { streamDescription } from '../../src/embedded/core/description.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import * as view from '../../src/embedded/core/view.ts'

/** What the core decides for a request: its changes, and the answer once they are applied. */
export interface Outcome {
  readonly changes: readonly Change[]
  answer(): unknown
  /** The deliveries of a read, which can be undone. */
  readonly given: readonly GroupDelivery[]
}

/** The operations that random programs call. */
export type CallName = keyof typeof OUTCOMES

/** A request to an engine. */
export type Call = {
  [N in CallName]: { readonly name: N; readonly request: Parameters<Engine[N]>[0] }
}[CallName]

type Decide<N extends keyof Engine> = (
  streams: Streams,
  request: Parameters<Engine[N]>[0],
  now: number
) => Outcome

/** What an engine does for each request, without a disk: the core alone. */
const OUTCOMES = {
  appendEntries: (streams, request, now) => decided(entries.appendEntries(streams, request, now)),
  ensureStream: (streams, request) => {
    const { changes, answer } = entries.ensureStream(streams, request)
    return {
      changes,
      given: [],
      answer: () => ({ created: answer.created, ...view.streamInfo(streams.stream(request)) })
    }
  },
  setStreamId: (streams, request) => {
    const { changes } = entries.setStreamId(streams, request)
    return { changes, given: [], answer: () => view.streamInfo(streams.stream(request)) }
  },
  deleteStream: (streams, request) => decided(entries.deleteStream(streams, request)),
  deleteEntries: (streams, request) => decided(entries.deleteEntries(streams, request)),
  trimStream: (streams, request) => decided(entries.trimStream(streams, request)),
  ensureGroup: (streams, request, now) => {
    const { changes, answer } = groups.ensureGroup(streams, request, now)
    return {
      changes,
      given: [],
      answer: () => ({ created: answer.created, ...view.groupInfo(streams.group(request), now) })
    }
  },
  updateGroup: (streams, request, now) => {
    const { changes } = groups.updateGroup(streams, request, now)
    return { changes, given: [], answer: () => view.groupInfo(streams.group(request), now) }
  },
  deleteGroup: (streams, request) => decided(groups.deleteGroup(streams, request)),
  ensureConsumer: (streams, request, now) => decided(groups.ensureConsumer(streams, request, now)),
  deleteConsumer: (streams, request) => decided(groups.deleteConsumer(streams, request)),
  readGroups: (streams, request, now) => {
    const { changes, answer } = readGroups(streams, request, now)
    return { changes, given: answer.deliveries, answer: () => answer.streams }
  },
  ackEntries: (streams, request) => decided(pending.ackEntries(streams, request)),
  // Random requests with a delay of their own, so that nothing is varied.
  nackEntries: (streams, request, now) => decided(nacks.nackEntries(streams, request, now, () => 0)),
  extendEntries: (streams, request, now) => decided(extendEntries(streams, request, now)),
  claimEntries: (streams, request, now) => decided(pending.claimEntries(streams, request, now)),
  autoClaimEntries: (streams, request, now) => decided(pending.autoClaimEntries(streams, request, now)),
  getStream: (streams, request) => unchanged(view.streamInfo(streams.stream(request))),
  describeStream: (streams, request) => unchanged(streamDescription(streams.stream(request), request.limit)),
  listEntries: (streams, request) => {
    const stream = streams.stream(request)
    const { from, to, order, limit } = request
    const first = from === 'next' ? stream.lastId + 1n : from
    const entries = order === 'asc' ? stream.range(first, to, limit) : stream.rangeDown(first, to, limit)
    const start = placeBefore({ from: first, to, order })
    return unchanged({ entries, next: entries.at(-1)?.id ?? start })
  },
  listPending: (streams, request, now) => unchanged(view.pendingPage(streams.group(request), request, now)),
  getPendingSummary: (streams, request) =>
    unchanged(view.pendingSummary(streams.group(request), request.limit, null).summary),
  listConsumers: (streams, request, now) =>
    unchanged({ consumers: view.consumerPage(streams.group(request), request.limit, null, now).items })
} satisfies { [N in keyof Engine]?: Decide<N> }

/** The outcome of a call in a state, at a time. Throws the refusal if the core refuses it. */
export function outcomeOf(streams: Streams, { name, request }: Call, now: number): Outcome {
  return (OUTCOMES[name] as (streams: Streams, request: unknown, now: number) => Outcome)(
    streams,
    request,
    now
  )
}

/** Calls an engine. Returns its answer, and for a delivery a function that undoes it. */
export async function perform(
  engine: Engine,
  { name, request }: Call,
  signal: AbortSignal
): Promise<{ answer: unknown; undo?: () => void }> {
  if (name === 'readGroups') {
    const { streams, undo } = await engine.readGroups(request, signal)
    return { answer: streams, undo }
  }
  const operation = engine[name] as (request: unknown, signal: AbortSignal) => Promise<unknown>
  return { answer: await operation.call(engine, request, signal) }
}

function decided({ changes, answer }: Decision<unknown>): Outcome {
  return { changes, given: [], answer: () => answer }
}

function unchanged(answer: unknown): Outcome {
  return { changes: [], given: [], answer: () => answer }
}
