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
 * Every known difference between Weir and this server. What one of them runs has all those below it. The list is a new
 * one for each program, since some of them remember what happened in it.
 */
export function differencesOn(server: ServerProgram): Difference[] {
  return all().filter(({ until }) => until === undefined || isBefore(server, until))
}

function all(): Difference[] {
  return [
    {
      what: 'Redis does not refuse XACK, XDEL, XTRIM, XRANGE, XREAD, DEL and XGROUP DESTROY of what does not exist',
      why: 'a name without a stream is a mistake that its maker wants to know of',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.trimOfNothing,
      around: refusals.refuseUnknown
    },
    {
      what: 'Redis lets a claim move a group beyond the last id of its stream',
      why: 'the group would be given nothing any more until it is moved back',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.claimAbove,
      around: lastId.refuseClaimAbove
    },
    {
      what: 'Redis takes an idle time that began before 1970 for none at all',
      why: 'a claim must not make an entry new that is to be as old as can be',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.idleBefore1970,
      around: deliveries.idleSince1970
    },
    {
      what: 'Redis removes a consumer with its pending entries, and answers for one that it does not know',
      why: 'losing pending entries unasked is a recurring cause of lost work',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.consumerWithPending,
      around: refusals.refuseToLosePending
    },
    {
      what: 'Redis removes a group with its pending entries',
      why: 'losing pending entries unasked is a recurring cause of lost work',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.groupWithPending,
      around: refusals.refuseToLoseGroup
    },
    {
      what: 'Redis counts what it acked, and acks whatever the owner',
      why: 'whoever acks too late wants to know of which entries, and with a consumer only its own are meant',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.ackOfAnother,
      around: answers.ackWithNames
    },
    {
      what: 'Redis does not tell how large the entries of a stream are',
      why: 'whoever looks for what fills the disk wants to know',
      see: 'src/engine.ts, StreamInfo',
      example: examples.size,
      around: answers.withSize
    },
    {
      what: 'Redis does not tell how long the oldest pending entry of a group has been idle',
      why: 'whoever looks for what is stuck wants to know',
      see: 'src/engine.ts, GroupInfo',
      example: examples.oldest,
      around: answers.withOldest
    },
    {
      what: 'Redis appends entry by entry, and keeps those before one that it refuses',
      why: 'an append of several entries is one change',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.halfAnAppend,
      around: appends.appendAll
    },
    {
      what: 'Redis may trim away the very node that an append went into, when it may trim approximately',
      why: 'a block that takes entries is not whole yet, and "approximate" promises to remove no more than asked for',
      see: 'src/engine.ts, Trim',
      example: examples.approximateAppend,
      ...appends.trimAsWeir()
    },
    {
      what: 'Redis cuts lists of entries at the COUNT of XINFO STREAM FULL, but not those of groups and consumers',
      why: 'each list of an answer has a limit',
      see: 'src/engine.ts, describeStream',
      example: examples.moreGroupsThanAsked,
      around: answers.cutLists
    },
    {
      what: 'Redis counts an entry as read although a group that was told its count has read all that were appended',
      why: 'no group has read more than was appended',
      see: 'Redis, streamReplyWithRange',
      example: examples.countedTwice,
      around: counters.capAfterReads
    },
    {
      what: 'Redis leaves a group with more entries read than appended when XSETID lowers that, and with a lag below 0',
      why: 'no group has read more than was appended',
      see: 'Redis, xsetidCommand; pull request 15489',
      example: examples.countSetLower,
      around: counters.capAfterLowering
    },
    {
      what: 'Redis takes the lag from the counters although the stream is empty, or trimmed beyond the group',
      why: 'there is nothing to deliver, or just what there is',
      until: { redis: '8.0' },
      see: 'Redis, streamReplyWithCGLag; pull requests 13338, 13473 and 13958',
      example: examples.lagOfTrimmed,
      around: counters.lagOfWhatThereIs
    },
    {
      what: 'Redis believes an ENTRIESREAD above what was appended',
      why: 'no group has read more than was appended',
      until: { redis: '8.2.2' },
      see: 'Redis, xgroupCommand; pull request 14259',
      example: examples.moreThanAppended,
      around: counters.capEntriesRead
    },
    {
      what: 'Redis makes a consumer only when it has something for it',
      why: 'whoever came to read or claim was there',
      until: SEES_ACTIVITY,
      see: 'Redis, xreadCommand; release notes of 7.2',
      example: examples.cameForNothing,
      around: consumers.makeConsumer
    },
    {
      what: 'Redis has one moment for a consumer, somewhere between its last success and its last attempt',
      why: 'these are two moments',
      until: SEES_ACTIVITY,
      see: 'Redis, XINFO CONSUMERS; release notes of 7.2',
      example: examples.seenAgain,
      explains: consumers.explainsTimes
    },
    {
      what: 'Redis answers a stream without entries where a consumer reads its own pending entries',
      why: 'streams without entries are left out',
      see: 'src/engine.ts, readGroups',
      example: examples.nothingOfOnesOwn,
      around: deliveries.leaveOutEmpty
    },
    {
      what: 'Redis cannot claim with a read: the idle entries are taken from XPENDING and claimed by XCLAIM',
      why: 'a read with claimIdleMs means what CLAIM means in Redis 8.4, which this does not speak',
      see: 'Redis, XREADGROUP',
      example: examples.claimedWithRead,
      around: deliveries.claimIdle
    },
    {
      what: 'Redis takes the highest id for ">" where a consumer reads its own pending entries',
      why: 'nothing comes after the highest id',
      see: 'Redis, xreadCommand',
      example: examples.afterTheHighestId,
      around: deliveries.readNothingAfterHighest
    },
    {
      what: 'Redis counts on although entries before the one that it delivers were trimmed or deleted unread',
      why: 'the count is that of the stream up to the entry, or unknown',
      until: COUNTS_RIGHT,
      see: 'Redis, streamReplyWithRange; pull requests 13338, 13473 and 13958',
      example: examples.trimmedUnread,
      around: counters.countAnew
    },
    {
      what: 'Redis does not tell how often an entry was delivered when it delivers it',
      why: 'a worker is to see a poison entry without a second call',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.delivery,
      around: deliveries.tellDeliveries
    },
    {
      what: 'Redis does not tell how often an entry was delivered when it is claimed, twice in one command at that',
      why: 'what is pending afterwards tells only of both',
      see: 'docs/api.md, Where it differs from Redis',
      example: examples.claimedTwice,
      explains: deliveries.explainsEarlierCount
    },
    {
      what: 'Redis lets the last id be set below the highest deleted one',
      why: 'an id that was given is not given again',
      until: SEES_ACTIVITY,
      see: 'Redis, xsetidCommand; pull request 11444',
      example: examples.belowDeleted,
      around: lastId.refuseBelowDeleted
    },
    {
      what: 'Redis lets the last id be set below a deleted one when the highest deleted one was set lower before',
      why: 'a block may still hold the place of the deleted entry, and ids in it only grow',
      see: 'src/embedded/core/stream.ts, deletedUpTo',
      example: examples.belowForgotten,
      around: lastId.refuseBelowPlaces()
    },
    {
      what: 'Redis looks at the faults of a request in another order',
      why: 'a request with two faults is refused for one of them',
      see: 'Redis, xaddCommand and xsetidCommand',
      example: examples.twoFaults,
      explains: refusals.explainsOtherFault
    },
    {
      what: 'Redis says of a millisecond without a free number what it said of the last refused append',
      why: 'its errno is stale then, and its words are not what it means',
      see: 'Redis, streamAppendItem',
      example: examples.noNumberLeft,
      explains: refusals.explainsStaleWords
    }
  ]
}
