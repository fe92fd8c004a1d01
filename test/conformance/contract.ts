import { describe, expect, test } from 'vitest'
import type { Difference } from './differences.ts'
import { ack as acks } from './operations/ack.ts'
import { answerRoom } from './operations/answer-room.ts'
import { appendEntries } from './operations/append-entries.ts'
import { autoClaims } from './operations/auto-claim.ts'
import { claims } from './operations/claim.ts'
import { claimOptions } from './operations/claim-options.ts'
import { claimsAndPolicy } from './operations/claims-and-policy.ts'
import { consumers } from './operations/consumers.ts'
import { deadEntries } from './operations/dead.ts'
import { deadLetters } from './operations/dead-letters.ts'
import { deaths } from './operations/deaths.ts'
import { deleteEntries } from './operations/delete-entries.ts'
import { deliveryPolicy } from './operations/delivery-policy.ts'
import { describeStream } from './operations/describe-stream.ts'
import { dueRoom } from './operations/due-room.ts'
import { entryIds } from './operations/entry-ids.ts'
import { extendEntries } from './operations/extend.ts'
import { fairness } from './operations/fairness.ts'
import { getEntry } from './operations/get-entry.ts'
import { groups } from './operations/groups.ts'
import { lag } from './operations/lag.ts'
import { leaseChanges } from './operations/lease-changes.ts'
import { leases } from './operations/leases.ts'
import { leaving } from './operations/leaving.ts'
import { listEntries } from './operations/list-entries.ts'
import { listPending } from './operations/list-pending.ts'
import { listStreams } from './operations/list-streams.ts'
import { maxPending } from './operations/max-pending.ts'
import { nackEntries } from './operations/nack.ts'
import { nackedEntries } from './operations/nacked.ts'
import { next } from './operations/next.ts'
import { pages } from './operations/pages.ts'
import { readGroups } from './operations/read-groups.ts'
import { readIdle } from './operations/read-idle.ts'
import { readManyGroups } from './operations/read-many-groups.ts'
import { readOwnPending } from './operations/read-own-pending.ts'
import { readStreams } from './operations/read-streams.ts'
import { redriveLetters } from './operations/redrive-letters.ts'
import { rejections } from './operations/rejections.ts'
import { setStreamId } from './operations/set-stream-id.ts'
import { settle } from './operations/settle.ts'
import { streams } from './operations/streams.ts'
import { takers } from './operations/takers.ts'
import { trimStream } from './operations/trim-stream.ts'
import { undoAgain } from './operations/undo-again.ts'
import { undoDue } from './operations/undo-due.ts'
import { undoNew } from './operations/undo-new.ts'
import { updateGroup } from './operations/update-group.ts'
import { waitForEntries } from './operations/wait-for-entries.ts'
import { waitInGroup } from './operations/wait-in-group.ts'
import { waitingPlaces } from './operations/waiting-places.ts'
import { waitingReaders } from './operations/waiting-readers.ts'
import type { It, TestContext, TestEngine } from './test-context.ts'

/** Far more than any test takes, and less than `LONG_MS`, for which a reader waits if nothing wakes it. */
const TIMEOUT_MS = 20_000

/**
 * The contract of an engine, a test for each sentence. An engine passes all of them, whatever it is made of. The tests
 * of its known differences must fail, so that the list of differences stays true.
 */
export function engineContract(
  name: string,
  open: () => Promise<TestEngine>,
  differences: readonly Difference[] = []
): void {
  const untested = new Set(differences)
  const state = (operation: string, sentence: string, prove: (context: TestContext) => Promise<void>) => {
    const known = differences.find((one) => one.operation === operation && one.sentence === sentence)
    const run = () => prepared(open, prove)
    if (known === undefined) return test(sentence, { timeout: TIMEOUT_MS }, run)
    untested.delete(known)
    test.fails(`known difference: ${sentence} (${known.reason})`, { timeout: TIMEOUT_MS }, run)
  }
  describe(name, () => {
    for (const [operation, describeIt] of Object.entries(OPERATIONS)) {
      describe(operation, () => describeIt((sentence, prove) => state(operation, sentence, prove)))
    }
    if (differences.length > 0) {
      test('has a test for every known difference', () => expect([...untested]).toEqual([]))
    }
  })
}

async function prepared(
  open: () => Promise<TestEngine>,
  prove: (context: TestContext) => Promise<void>
): Promise<void> {
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
  'appendEntries, choosing ids,': entryIds,
  appendEntries,
  listEntries,
  'listEntries with waitMs': waitForEntries,
  readStreams,
  'next, in answers of listEntries and readStreams,': next,
  getEntry,
  deleteEntries,
  trimStream,
  'ensureStream, getStream and deleteStream': streams,
  listStreams,
  describeStream,
  setStreamId,
  'ensureGroup, getGroup, listGroups and deleteGroup': groups,
  updateGroup,
  lag,
  readGroups,
  'readGroups on several streams': readManyGroups,
  'readGroups with waitMs': waitInGroup,
  'readGroups with after': readOwnPending,
  'readGroups with claimIdleMs': readIdle,
  'undo of a delivery of new entries': undoNew,
  'undo of a delivery of pending entries': undoAgain,
  ackEntries: acks,
  'listPending and getPendingSummary': listPending,
  claimEntries: claims,
  'claimEntries with options': claimOptions,
  autoClaimEntries: autoClaims,
  'the delivery policy of a group': deliveryPolicy,
  'leases of a delivery policy': leases,
  'leases, after a change,': leaseChanges,
  extendEntries,
  nackEntries,
  'nacked entries': nackedEntries,
  'deaths of entries': deaths,
  'dead entries': deadEntries,
  'dead letters': deadLetters,
  'redriveEntries with a dead-letter stream': redriveLetters,
  'a read of due and new entries': fairness,
  'maxPending and maxPendingPerConsumer': maxPending,
  'readGroups with ack or nack': settle,
  'leaving consumers': leaving,
  'claims in a group with a delivery policy': claimsAndPolicy,
  'undo of a delivery of due entries': undoDue,
  'the size limit of an answer': answerRoom,
  'answers with due or dead entries': dueRoom,
  'listConsumers, ensureConsumer and deleteConsumer': consumers,
  'paging through listGroups, listConsumers and getPendingSummary': pages,
  'readers with a taker': takers,
  refusals: rejections,
  'status, drain and close': waitingReaders,
  'the limit on places where readers wait': waitingPlaces
}
