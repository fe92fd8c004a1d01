import type { Balance } from './balance.ts'

/** A step of the tour: a text, an action, the condition that completes it, and the text that follows. */
export interface Step {
  readonly title: string
  readonly before: string
  readonly action: string
  act(balance: Balance): Promise<void>
  isDone(balance: Balance): boolean
  readonly after: string
}

const FIRST_ENTRIES = 6
const MORE_ENTRIES = 3
const ALL = FIRST_ENTRIES + 1 + MORE_ENTRIES

export const workerOf = (balance: Balance, name: string) =>
  balance.workers.find((worker) => worker.name === name)

/** A worker crashes before it acks an entry, and another worker claims the entry. */
export const CLAIM_STEPS: readonly Step[] = [
  {
    title: 'A stream and a group, but no workers',
    before:
      'This page has created a stream and a group. A producer appends entries to the stream. The group remembers which entries it has delivered.',
    action: `Append ${FIRST_ENTRIES} entries`,
    act: (balance) => balance.producer.append(FIRST_ENTRIES),
    isDone: ({ lag }) => lag === FIRST_ENTRIES,
    after: `Nobody reads yet, so the lag is ${FIRST_ENTRIES}: ${FIRST_ENTRIES} entries are waiting to be delivered. They are safe on disk.`
  },
  {
    title: 'Two workers share the entries',
    before:
      'Ann and Bob read in the same group, one entry at a time. Each entry goes to one of them, never to both.',
    action: 'Start Ann and Bob',
    async act(balance) {
      balance.addWorker()
      balance.addWorker()
    },
    isDone: ({ tally }) => tally.acked >= FIRST_ENTRIES,
    after:
      'A delivered entry is pending until its worker acks it. Each square is a pending entry. By now all entries are acked: the lag is 0, and nothing is pending.'
  },
  {
    title: 'Ann crashes',
    before:
      'Another entry arrives and is delivered to Ann. Her process dies before she acks it: a crash, a deployment, a lost machine.',
    action: 'Append an entry and crash Ann',
    async act(balance) {
      workerOf(balance, 'bob')?.pause()
      workerOf(balance, 'ann')?.kill()
      await balance.producer.append(1)
    },
    isDone: (balance) => workerOf(balance, 'ann')?.state === 'dead' && balance.pending === 1,
    after:
      'Ann is gone, but her entry is not. The group knows that it was delivered to her and that she has not acked it. It stays pending under her name.'
  },
  {
    title: 'Bob keeps working',
    before: `Bob is still running, and ${MORE_ENTRIES} new entries arrive. Will he get Ann’s entry, too?`,
    action: `Append ${MORE_ENTRIES} entries`,
    async act(balance) {
      workerOf(balance, 'bob')?.resume()
      await balance.producer.append(MORE_ENTRIES)
    },
    isDone: ({ tally, pending }) => tally.acked >= ALL - 1 && pending === 1,
    after:
      'Bob got the new entries, and only those. Ann’s entry still has an owner, and the group cannot know whether she is dead or only slow. Somebody has to decide.'
  },
  {
    title: 'Bob claims the entry',
    before:
      'A claim moves a pending entry to another worker. Workers can claim automatically: with claimIdleMs, a read also takes over entries that have been idle for that long. Here you claim by hand.',
    action: 'Claim Ann’s entry for Bob',
    async act(balance) {
      const [ann, bob] = [workerOf(balance, 'ann'), workerOf(balance, 'bob')]
      if (ann !== undefined && bob !== undefined) await balance.claim(ann, bob)
    },
    isDone: ({ tally, pending }) => tally.acked >= ALL && pending === 0,
    after:
      'The entry was delivered a second time, to Bob, who processed it and acked it. Sent, delivered and acked are equal, nothing is pending, and nothing is lost. That is the whole idea.'
  }
]
