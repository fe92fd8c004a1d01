import { isBefore, type ServerProgram, type Versions } from '../support/server-programs.ts'

/** A sentence of the contract that an engine on Redis does not keep, and why that cannot be helped. */
export interface Difference {
  readonly operation: string
  readonly sentence: string
  /** Servers from these versions on keep it. */
  readonly since?: Versions
  readonly reason: string
}

const SEES_ACTIVITY: Versions = { redis: '7.2', valkey: '7.2' }
const NO_ACTIVE_TIME = 'a server before 7.2 does not note when a consumer was last given something'
const COUNTS_RIGHT: Versions = { redis: '8.0', valkey: '9.0' }
const MISCOUNTS =
  'an older server counts on over entries that were removed unread, so its counts are not told'

/** All there are. */
const DIFFERENCES: readonly Difference[] = [
  {
    operation: 'describeStream',
    sentence: 'shows entries, groups, consumers and what is pending',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'describeStream',
    sentence: 'shows when an entry was delivered and its consumer seen',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups',
    sentence: 'sees a consumer with every read, active with what it was given',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups on several streams',
    sentence: 'leaves out streams with nothing new, but makes the consumer in each',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups with claimIdleMs',
    sentence: "makes claimed entries the reader's from this moment on",
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'claim',
    sentence: 'makes its consumer even when nothing is claimed, seen but not active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'autoClaim',
    sentence: 'makes its consumer even when nothing is claimed, seen but not active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'listConsumers, ensureConsumer, deleteConsumer',
    sentence: 'tells how long ago a consumer was seen, and active',
    since: SEES_ACTIVITY,
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'is what is left after a trim of what was not read, and skips the gap',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'is nothing for an emptied stream, and counts anew from there',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'is unknown once an entry ahead was deleted, until the last one is read',
    since: COUNTS_RIGHT,
    reason: MISCOUNTS
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'follows a count of appended entries that was set',
    since: COUNTS_RIGHT,
    reason: 'where an older server may have miscounted, the entries after the place of the group are counted'
  },
  {
    operation: 'undo of entries that were pending',
    sentence: 'leaves pending with its owner what was deleted meanwhile',
    reason: 'XCLAIM drops a deleted entry instead of giving it back, so it stays with whoever hung up'
  }
]

/** Those of this server. */
export function differencesOn(server: ServerProgram): Difference[] {
  return DIFFERENCES.filter(({ since }) => since === undefined || isBefore(server, since))
}
