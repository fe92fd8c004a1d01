import { isBefore, type ServerProgram, type Versions } from '../support/server-programs.ts'
import * as answers from './differences/answers.ts'
import * as appends from './differences/appends.ts'
import * as consumers from './differences/consumers.ts'
import * as counters from './differences/counters.ts'
import * as deliveries from './differences/deliveries.ts'
import type { Difference } from './differences/difference.ts'
import * as examples from './differences/examples.ts'
import * as lastId from './differences/last-id.ts'
import * as refusals from './differences/refusals.ts'

const SEES_ACTIVITY: Versions = { redis: '7.2', valkey: '7.2' }
const COUNTS_RIGHT: Versions = { redis: '8.0', valkey: '9.0' }

/**
 * The known differences between Weir and this server. Each one runs operations with all those after it in the list.
 * Some of them remember what happened in a program, so each program needs a new list.
 */
export function differencesOn(server: ServerProgram): Difference[] {
  return all().filter(({ until }) => until === undefined || isBefore(server, until))
}

function all(): Difference[] {
  return [
    {
      what: 'Redis accepts XACK, XDEL, XTRIM, XRANGE, XREAD, DEL and XGROUP DESTROY for what does not exist',
      why: 'the name of a stream that does not exist is usually a mistake, which the client should notice',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.trimOfNothing,
      around: refusals.refuseUnknown
    },
    {
      what: 'Redis lets a claim move a group beyond the last id of its stream',
      why: 'the group would get no further entry until it is moved back',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.claimAbove,
      around: lastId.refuseClaimAbove
    },
    {
      what: 'Redis treats an idle time that began before 1970 as zero',
      why: 'a claim for the longest idle time must not set the shortest one',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.idleBefore1970,
      around: deliveries.idleSince1970
    },
    {
      what: 'Redis deletes a consumer with its pending entries, and accepts the deletion of an unknown one',
      why: 'work is often lost because pending entries are dropped by accident',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.consumerWithPending,
      around: refusals.refuseToLosePending
    },
    {
      what: 'Redis deletes a group with its pending entries',
      why: 'work is often lost because pending entries are dropped by accident',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.groupWithPending,
      around: refusals.refuseToLoseGroup
    },
    {
      what: 'Redis answers an ack with a number, and acks entries of any consumer',
      why: 'a client that acks too late must know for which entries, and a consumer acks only its own',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.ackOfAnother,
      around: answers.ackWithNames
    },
    {
      what: 'Redis does not report the size of the entries of a stream',
      why: 'an operator needs it to find what fills the disk',
      see: 'src/contract/streams.ts, StreamInfo',
      example: examples.size,
      around: answers.withSize
    },
    {
      what: 'Redis does not report the idle time of the oldest pending entry of a group',
      why: 'an operator needs it to find what is stuck',
      see: 'src/contract/groups.ts, GroupInfo',
      example: examples.oldest,
      around: answers.withOldest
    },
    {
      what: "Redis has no delivery policies, and no pending entries in nobody's hands",
      why: 'workers should not have to look after entries of other workers',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.pendingState,
      around: answers.withoutPolicy
    },
    {
      what: 'Redis appends entry by entry, and keeps those before a refused one',
      why: 'an append of several entries is one change',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.halfAnAppend,
      around: appends.appendAll
    },
    {
      what: 'Redis may remove the node that it has just appended to when it trims approximately',
      why: 'the last block is not complete yet, and an approximate trim removes no more than requested',
      see: 'src/contract/entries.ts, Trim',
      example: examples.approximateAppend,
      ...appends.trimAsWeir()
    },
    {
      what: 'Redis applies the COUNT of XINFO STREAM FULL to lists of entries, but not of groups and consumers',
      why: 'every list in an answer has a limit',
      see: 'src/contract/engine.ts, describeStream',
      example: examples.moreGroupsThanAsked,
      around: answers.cutLists
    },
    {
      what: 'Redis lets a group whose entries-read was set count beyond the number of appended entries',
      why: 'no group has read more entries than were appended',
      see: 'Redis, streamReplyWithRange',
      example: examples.countedTwice,
      around: counters.capAfterReads
    },
    {
      what: 'Redis keeps a higher entries-read, and a negative lag, when XSETID lowers entries-added',
      why: 'no group has read more entries than were appended',
      see: 'Redis, xsetidCommand; pull request 15489',
      example: examples.countSetLower,
      around: counters.capAfterLowering
    },
    {
      what: 'Redis computes the lag from counters even if the stream is empty or trimmed past the group',
      why: 'the lag is then zero, or the length of the stream',
      until: { redis: '8.0' },
      see: 'Redis, streamReplyWithCGLag; pull requests 13338, 13473 and 13958',
      example: examples.lagOfTrimmed,
      around: counters.lagOfWhatThereIs
    },
    {
      what: 'Redis accepts an ENTRIESREAD above the number of appended entries',
      why: 'no group has read more entries than were appended',
      until: { redis: '8.2.2' },
      see: 'Redis, xgroupCommand; pull request 14259',
      example: examples.moreThanAppended,
      around: counters.capEntriesRead
    },
    {
      what: 'Redis creates a consumer only when it delivers an entry to it',
      why: 'a consumer that reads or claims exists, even if it gets nothing',
      until: SEES_ACTIVITY,
      see: 'Redis, xreadCommand; release notes of 7.2',
      example: examples.cameForNothing,
      around: consumers.makeConsumer
    },
    {
      what: 'Redis has a single time for a consumer, between its last success and its last attempt',
      why: 'these are two different times',
      until: SEES_ACTIVITY,
      see: 'Redis, XINFO CONSUMERS; release notes of 7.2',
      example: examples.seenAgain,
      explains: consumers.explainsTimes
    },
    {
      what: 'Redis returns a stream without entries if a consumer reads its own pending entries and has none',
      why: 'answers leave out streams without entries',
      see: 'src/contract/engine.ts, readGroups',
      example: examples.nothingOfOnesOwn,
      around: deliveries.leaveOutEmpty
    },
    {
      what: 'Redis claims no idle entries in a read: the test finds them with XPENDING and claims them with XCLAIM',
      why: 'a read with claimIdleMs does what CLAIM does in Redis 8.4, and the test does not use CLAIM',
      see: 'Redis, XREADGROUP',
      example: examples.claimedWithRead,
      around: deliveries.claimIdle
    },
    {
      what: 'Redis treats the highest id as ">" if a consumer reads its own pending entries',
      why: 'no entry comes after the highest id',
      see: 'Redis, xreadCommand',
      example: examples.afterTheHighestId,
      around: deliveries.readNothingAfterHighest
    },
    {
      what: 'Redis adds one to entries-read even if entries before the delivered one were trimmed or deleted unread',
      why: 'the count is that of all entries appended up to the delivered one, or unknown',
      until: COUNTS_RIGHT,
      see: 'Redis, streamReplyWithRange; pull requests 13338, 13473 and 13958',
      example: examples.trimmedUnread,
      around: counters.recount
    },
    {
      what: 'Redis does not report the number of deliveries when it delivers an entry',
      why: 'a worker must recognize a poison entry without a second call',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.delivery,
      around: deliveries.addDeliveries
    },
    {
      what: 'Redis does not report the number of deliveries when an entry is claimed twice in one command',
      why: 'the list of pending entries shows only the number after both claims',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.claimedTwice,
      explains: deliveries.explainsEarlierCount
    },
    {
      what: 'Redis lets the last id be set below the highest deleted id',
      why: 'no id is assigned twice',
      until: SEES_ACTIVITY,
      see: 'Redis, xsetidCommand; pull request 11444',
      example: examples.belowDeleted,
      around: lastId.refuseBelowDeleted
    },
    {
      what: 'Redis lets the last id be set below a deleted id after the highest deleted id was lowered',
      why: 'a block may still have a place for the deleted entry, and the ids in a block only grow',
      see: 'src/embedded/core/stream.ts, deletedUpTo',
      example: examples.belowForgotten,
      around: lastId.refuseBelowPlaces()
    },
    {
      what: 'Redis checks for the faults of a request in another order',
      why: 'a request with two faults is refused for one of them',
      see: 'Redis, xaddCommand and xsetidCommand',
      example: examples.twoFaults,
      explains: refusals.explainsOtherFault
    },
    {
      what: 'Redis reports an exhausted millisecond with the message of the last refused append',
      why: 'its errno is stale, so the message does not match the reason',
      see: 'Redis, streamAppendItem',
      example: examples.noNumberLeft,
      explains: refusals.explainsStaleWords
    }
  ]
}
