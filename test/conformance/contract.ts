import { describe, expect, test } from 'vitest'
import type { Difference } from './differences.ts'
import type { Given, It, Opened } from './given.ts'
import { ack } from './operations/ack.ts'
import { answerRoom } from './operations/answer-room.ts'
import { appendEntries } from './operations/append-entries.ts'
import { autoClaims } from './operations/auto-claim.ts'
import { claims } from './operations/claim.ts'
import { claimOptions } from './operations/claim-options.ts'
import { consumers } from './operations/consumers.ts'
import { deleteEntries } from './operations/delete-entries.ts'
import { describeStream } from './operations/describe-stream.ts'
import { entryIds } from './operations/entry-ids.ts'
import { getEntry } from './operations/get-entry.ts'
import { groups } from './operations/groups.ts'
import { lag } from './operations/lag.ts'
import { listEntries } from './operations/list-entries.ts'
import { listPending } from './operations/list-pending.ts'
import { listStreams } from './operations/list-streams.ts'
import { next } from './operations/next.ts'
import { pages } from './operations/pages.ts'
import { readGroups } from './operations/read-groups.ts'
import { readIdle } from './operations/read-idle.ts'
import { readManyGroups } from './operations/read-many-groups.ts'
import { readOwnPending } from './operations/read-own-pending.ts'
import { readStreams } from './operations/read-streams.ts'
import { rejections } from './operations/rejections.ts'
import { setStreamId } from './operations/set-stream-id.ts'
import { streams } from './operations/streams.ts'
import { takers } from './operations/takers.ts'
import { trimStream } from './operations/trim-stream.ts'
import { undoAgain } from './operations/undo-again.ts'
import { undoNew } from './operations/undo-new.ts'
import { updateGroup } from './operations/update-group.ts'
import { waitForEntries } from './operations/wait-for-entries.ts'
import { waitInGroup } from './operations/wait-in-group.ts'
import { waitingPlaces } from './operations/waiting-places.ts'
import { waitingReaders } from './operations/waiting-readers.ts'

/** Far more than any of them takes, and less than a reader waits that nothing wakes. */
const TIMEOUT_MS = 20_000

/**
 * What every operation of an engine means, sentence by sentence. An engine that keeps the contract passes all of
 * them, whatever it is made of. Those that it is known to differ in must fail, so that the list of them stays true.
 */
export function engineContract(
  name: string,
  open: () => Promise<Opened>,
  differences: readonly Difference[] = []
): void {
  const unmet = new Set(differences)
  const state = (operation: string, sentence: string, prove: (given: Given) => Promise<void>) => {
    const known = differences.find((one) => one.operation === operation && one.sentence === sentence)
    const run = () => prepared(open, prove)
    if (known === undefined) return test(sentence, { timeout: TIMEOUT_MS }, run)
    unmet.delete(known)
    test.fails(`not here: ${sentence} (${known.reason})`, { timeout: TIMEOUT_MS }, run)
  }
  describe(name, () => {
    for (const [operation, describeIt] of Object.entries(OPERATIONS)) {
      describe(operation, () => describeIt((sentence, prove) => state(operation, sentence, prove)))
    }
    if (differences.length > 0) {
      test('knows every sentence that is listed as a difference', () => expect([...unmet]).toEqual([]))
    }
  })
}

async function prepared(open: () => Promise<Opened>, prove: (given: Given) => Promise<void>): Promise<void> {
  const opened = await open()
  const orders = { stream: 'orders' }
  const billing = { ...orders, group: 'billing' }
  const [ann, bob, cid] = [
    { ...billing, consumer: 'ann' },
    { ...billing, consumer: 'bob' },
    { ...billing, consumer: 'cid' }
  ]
  try {
    await prove({ ...opened, orders, billing, ann, bob, cid })
  } finally {
    await opened.close()
  }
}

const OPERATIONS: Record<string, (it: It) => void> = {
  'ids of entries': entryIds,
  appendEntries,
  listEntries,
  'listEntries with waitMs': waitForEntries,
  readStreams,
  'where listEntries and readStreams continue': next,
  getEntry,
  deleteEntries,
  trimStream,
  'ensureStream, getStream, deleteStream': streams,
  listStreams,
  describeStream,
  setStreamId,
  'ensureGroup, getGroup, listGroups, deleteGroup': groups,
  updateGroup,
  'lag and entriesRead': lag,
  readGroups,
  'readGroups on several streams': readManyGroups,
  'readGroups with waitMs': waitInGroup,
  'readGroups with after': readOwnPending,
  'readGroups with claimIdleMs': readIdle,
  'undo of new entries': undoNew,
  'undo of entries that were pending': undoAgain,
  ack,
  'listPending, getPendingSummary': listPending,
  claim: claims,
  'claim with options': claimOptions,
  autoClaim: autoClaims,
  'the room in an answer': answerRoom,
  'listConsumers, ensureConsumer, deleteConsumer': consumers,
  'pages of listGroups, listConsumers, getPendingSummary': pages,
  takers,
  refusals: rejections,
  'status, drain, close': waitingReaders,
  'places where readers wait': waitingPlaces
}
