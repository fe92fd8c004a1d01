import { pause } from '../live/visibility.ts'
import type { Balance } from './balance.ts'
import { type Step, workerOf } from './tour-steps.ts'

/** What the tour begins with. The time to ack is longer than the work, and shorter than that of a slow worker. */
export const POLICY_TOUR = { batch: 1, workMs: 700, ackTimeoutMs: 3000, maxDeliveries: 2 }

const FIRST_ENTRIES = 6
const ALL = FIRST_ENTRIES + 3

/** How often an action of the tour checks whether a worker has got its entry. */
const CHECK_MS = 100

async function untilHeld(balance: Balance, name: string): Promise<void> {
  const deadline = Date.now() + 10_000
  while (workerOf(balance, name)?.held.length === 0 && Date.now() < deadline) {
    await pause(CHECK_MS, new AbortController().signal)
  }
}

/** A group with a delivery policy: entries come back by themselves, and poison entries die. Nobody claims anything. */
export const POLICY_STEPS: readonly Step[] = [
  {
    title: 'A group with a delivery policy',
    before:
      'This group has a delivery policy: a worker has 3 seconds to ack an entry, and an entry is dead after 2 failed deliveries. Ann and Bob work for it.',
    action: `Start Ann and Bob, and append ${FIRST_ENTRIES} entries`,
    async act(balance) {
      balance.addWorker()
      balance.addWorker()
      await balance.producer.append(FIRST_ENTRIES)
    },
    isDone: ({ tally }) => tally.acked >= FIRST_ENTRIES,
    after:
      'Each delivery leased an entry to its worker for 3 seconds. Both workers acked in time, so the leases ended with the acks.'
  },
  {
    title: 'Ann crashes',
    before:
      'Another entry arrives and is delivered to Ann. Her process dies before she acks it. Bob is paused, so that you can look at the entry.',
    action: 'Append an entry and crash Ann',
    async act(balance) {
      workerOf(balance, 'bob')?.pause()
      workerOf(balance, 'ann')?.kill()
      await balance.producer.append(1)
    },
    isDone: (balance) => workerOf(balance, 'ann')?.state === 'dead' && balance.pending === 1,
    after:
      'The entry is pending under Ann’s name, and its lease is running. Nobody has to find out whether Ann is dead or only slow: a living worker would extend the lease.'
  },
  {
    title: 'The entry comes back by itself',
    before:
      'Bob continues. He only reads. Nobody claims the entry, and no other program watches the pending list.',
    action: 'Let Bob continue',
    async act(balance) {
      workerOf(balance, 'bob')?.resume()
    },
    isDone: ({ tally, pending }) => tally.acked >= FIRST_ENTRIES + 1 && pending === 0,
    after:
      'The lease ended, the entry was due, and the next reader got it. That was Bob, who acked it. A read that was waiting would have been woken at that moment.'
  },
  {
    title: 'A slow worker keeps its entry',
    before:
      'Bob is slow now: he needs 7 seconds for an entry, longer than the lease. Cleo joins and waits for work. Will she get Bob’s entry?',
    action: 'Append an entry for slow Bob, and start Cleo',
    async act(balance) {
      const bob = workerOf(balance, 'bob')
      if (bob !== undefined) bob.isSlow = true
      await balance.producer.append(1)
      await untilHeld(balance, 'bob')
      balance.addWorker()
    },
    isDone: ({ tally, pending }) => tally.acked >= FIRST_ENTRIES + 2 && pending === 0,
    after:
      'Bob extended his lease every second, so Cleo did not get the entry. Only the owner of an entry can extend it: a worker that has lost an entry cannot take it back by mistake.'
  },
  {
    title: 'An entry that nobody can process',
    before:
      'A poison entry arrives. Each worker that gets it fails and nacks it. Without a limit, the entry would come back forever.',
    action: 'Append a poison entry',
    async act(balance) {
      const bob = workerOf(balance, 'bob')
      if (bob !== undefined) bob.isSlow = false
      balance.set({ poisonEvery: 1 })
      await balance.producer.append(1)
    },
    isDone: ({ dead, pending }) => dead === 1 && pending === 0,
    after:
      'After 2 failed deliveries, the entry is dead. The group keeps it with the reason of the last nack, does not deliver it any more, and continues with the others. With a dead-letter stream in the policy, it would move there.'
  },
  {
    title: 'The bug is fixed',
    before:
      'You deploy a new version of the workers, which can process the entry. A redrive makes it due again.',
    action: 'Fix the workers and redrive',
    async act(balance) {
      balance.set({ poisonEvery: 0 })
      await balance.redrive()
    },
    isDone: ({ tally, pending, dead }) => tally.acked >= ALL && pending === 0 && dead === 0,
    after:
      'The entry was delivered once more and acked. Sent and acked are equal, nothing is pending, dead or lost, and nobody sent a claim.'
  }
]
