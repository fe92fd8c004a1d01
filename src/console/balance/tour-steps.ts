import type { Balance } from './balance.ts'

/** A step of the tour: what is told, what is done, when it has come true, and what is to be seen then. */
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

const workerOf = (balance: Balance, name: string) => balance.workers.find((worker) => worker.name === name)

/** A worker crashes with an entry unacked. */
export const STORY: readonly Step[] = [
  {
    title: 'A stream, a group, and nobody at work',
    before:
      'This page has made a stream and a group. A producer appends entries to the stream. The group remembers how far it has been delivered.',
    action: `Append ${FIRST_ENTRIES} entries`,
    act: (balance) => balance.producer.append(FIRST_ENTRIES),
    isDone: ({ lag }) => lag === FIRST_ENTRIES,
    after: `Nobody reads yet, so the lag is ${FIRST_ENTRIES}: so many entries wait to be delivered. They are on disk, and safe.`
  },
  {
    title: 'Two workers share them out',
    before:
      'Ann and Bob read in the same group, one entry at a time. Each entry goes to one of them, never to both.',
    action: 'Let ann and bob work',
    async act(balance) {
      balance.addWorker()
      balance.addWorker()
    },
    isDone: ({ ledger }) => ledger.acked >= FIRST_ENTRIES,
    after:
      'An entry that a worker was given is pending, a square in its hands, until the worker acks it. By now all are acked: nothing waits, nothing is pending.'
  },
  {
    title: 'Ann crashes',
    before:
      'Another entry comes, ann is given it, and her process dies before she acks: a crash, a deployment, a lost machine.',
    action: 'Append one, and let ann crash with it',
    async act(balance) {
      workerOf(balance, 'bob')?.pause()
      workerOf(balance, 'ann')?.kill()
      await balance.producer.append(1)
    },
    isDone: (balance) => workerOf(balance, 'ann')?.state === 'dead' && balance.pending === 1,
    after:
      'Ann is gone, but her entry is not: the group knows that she was given it and has not acked. It stays pending, in her name.'
  },
  {
    title: 'The others go on',
    before: `Bob works on. ${MORE_ENTRIES} new entries come. Will he be given Ann’s, too?`,
    action: `Append ${MORE_ENTRIES} entries`,
    async act(balance) {
      workerOf(balance, 'bob')?.resume()
      await balance.producer.append(MORE_ENTRIES)
    },
    isDone: ({ ledger, pending }) => ledger.acked >= ALL - 1 && pending === 1,
    after:
      'Bob got what was new, and only that. Ann’s entry has an owner, and the group cannot know whether she is dead or only slow. Somebody has to decide.'
  },
  {
    title: 'Bob claims it',
    before:
      'A claim makes a pending entry another worker’s. Workers do it by themselves with `claimIdleMs`: what was idle for so long is theirs with the next read. Here you do it by hand.',
    action: 'Let bob claim Ann’s entry',
    async act(balance) {
      const [ann, bob] = [workerOf(balance, 'ann'), workerOf(balance, 'bob')]
      if (ann !== undefined && bob !== undefined) await balance.claim(ann, bob)
    },
    isDone: ({ ledger, pending }) => ledger.acked >= ALL && pending === 0,
    after:
      'Bob was given the entry as its second delivery, worked on it and acked. Sent, delivered and acked are the same, nothing is pending, and nothing is lost. That is the whole idea.'
  }
]
