/** A sentence of the contract that an engine on Redis does not keep, and why that cannot be helped. */
export interface Difference {
  readonly operation: string
  readonly sentence: string
  /** Servers from this version on keep it. */
  readonly since?: string
  readonly reason: string
}

const NO_ACTIVE_TIME = 'a server before 7.2 does not note when a consumer was last given something'
const COUNTS_GAPS = 'a server before 8.0 counts on over entries that were trimmed before they were read'

/** All there are. */
const DIFFERENCES: readonly Difference[] = [
  {
    operation: 'describeStream',
    sentence: 'shows entries, groups, consumers and what is pending',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'describeStream',
    sentence: 'shows when an entry was delivered and its consumer seen',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups',
    sentence: 'sees a consumer with every read, active with what it was given',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups on several streams',
    sentence: 'leaves out streams with nothing new, but makes the consumer in each',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'readGroups with claimIdleMs',
    sentence: "makes claimed entries the reader's from this moment on",
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'claim',
    sentence: 'makes its consumer even when nothing is claimed, seen but not active',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'autoClaim',
    sentence: 'makes its consumer even when nothing is claimed, seen but not active',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'listConsumers, ensureConsumer, deleteConsumer',
    sentence: 'tells how long ago a consumer was seen, and active',
    since: '7.2',
    reason: NO_ACTIVE_TIME
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'is what is left after a trim of what was not read, and skips the gap',
    since: '8.0',
    reason: COUNTS_GAPS
  },
  {
    operation: 'lag and entriesRead',
    sentence: 'is nothing for an emptied stream, and counts anew from there',
    since: '8.0',
    reason: COUNTS_GAPS
  },
  {
    operation: 'undo of entries that were pending',
    sentence: 'leaves pending with its owner what was deleted meanwhile',
    reason: 'XCLAIM drops a deleted entry instead of giving it back, so it stays with whoever hung up'
  }
]

/** Those of a server of this version. */
export function differencesBefore(version: string): Difference[] {
  return DIFFERENCES.filter(({ since }) => since === undefined || isBefore(version, since))
}

function isBefore(version: string, since: string): boolean {
  return version.localeCompare(since, 'en', { numeric: true }) < 0
}
