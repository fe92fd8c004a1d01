import { isBefore, type ServerProgram, type Versions } from '../support/server-programs.ts'

/** A test of the contract that the Redis engine fails, and why that cannot be helped. */
export interface Difference {
  readonly operation: string
  readonly sentence: string
  /** The first versions whose servers pass it. */
  readonly since?: Versions
  readonly reason: string
}

const SEES_ACTIVITY: Versions = { redis: '7.2', valkey: '7.2' }
const NO_ACTIVE_TIME = 'a server before 7.2 does not record the last delivery to a consumer'
const COUNTS_RIGHT: Versions = { redis: '8.0', valkey: '9.0' }
const MISCOUNTS =
  'an older server counts entries that were removed unread as read, so its counts are not shown'

const DIFFERENCES: readonly Difference[] = [
  {
    operation: 'describeStream',
    sentence: 'shows entries, groups, consumers and pending entries',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'describeStream',
    sentence: 'shows when an entry was delivered and when its consumer was seen',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups',
    sentence: 'updates seenAt with every read and activeAt with every delivery',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups on several streams',
    sentence: 'omits streams without new entries, but creates the consumer in each',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups with claimIdleMs',
    sentence: 'makes the reader the owner of claimed entries from now on',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'claimEntries',
    sentence: 'creates its consumer even if it claims nothing, as seen but not active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'autoClaimEntries',
    sentence: 'creates its consumer even if it claims nothing, as seen but not active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'listConsumers, ensureConsumer and deleteConsumer',
    sentence: 'show how long ago a consumer was seen and active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'lag',
    sentence: 'counts only the remaining entries after a trim of unread ones',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag',
    sentence: 'is 0 once the stream has been emptied, and counts from there',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag',
    sentence: 'is unknown after an unread entry is deleted, until the last entry is read',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag',
    sentence: 'follows an entriesAdded that was set',
    since: COUNTS_RIGHT,
    reason: 'if an older server may have miscounted, Weir counts the entries after the last delivered one'
  },
  {
    operation: 'undo of a delivery of pending entries',
    sentence: 'returns entries that were deleted meanwhile to their owners as pending',
    reason: 'XCLAIM drops a deleted entry instead of returning it, so it stays with the reader that hung up'
  }
]

/** The differences that apply to this server. */
export function differencesOn(server: ServerProgram): Difference[] {
  return DIFFERENCES.filter(({ since }) => since === undefined || isBefore(server, since))
}
