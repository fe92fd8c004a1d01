import { useState } from 'preact/hooks'
import { count, duration, rate as rateText } from '../format.ts'
import type { Balance } from './balance.ts'

/** The slider is logarithmic, from 1 to 10,000 entries per second. Its left end means 0. */
const STEPS = 80
const MAX_RATE = 10_000
const rateAt = (step: number) => (step === 0 ? 0 : roundish(MAX_RATE ** ((step - 1) / (STEPS - 1))))
const stepAt = (rate: number) =>
  rate === 0 ? 0 : 1 + Math.round(((STEPS - 1) * Math.log(rate)) / Math.log(MAX_RATE))

/** Rounds to two significant digits. */
function roundish(value: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.round(value / power) * power
}

const BATCHES = [1, 10, 50, 100, 500, 1000]
const WORK_MS = [0, 10, 50, 100, 250, 700]
const CLAIM_MS = [1000, 2000, 5000, 10_000]
const ACK_MS = [1000, 3000, 10_000, 30_000]
const DELIVERIES = [1, 2, 3, 5]
const POISON = [100, 10]

/** The settings of a balance. */
export function Controls({ balance }: { balance: Balance }) {
  const { settings, producer } = balance
  // The text while the user types, so that rendering does not overwrite it.
  const [typed, setTyped] = useState<string | null>(null)
  const { rate, batch, workMs, claimIdleMs, ackTimeoutMs, maxDeliveries, poisonEvery } = settings
  const { requests } = producer
  const setRate = (value: number) =>
    balance.set({ rate: Math.max(0, Math.min(MAX_RATE, Math.round(value) || 0)) })
  return (
    <section class="panel controls" aria-label="Settings">
      <div class="control wide">
        <label for="rate">Entries appended per second</label>
        <div class="rate">
          <input
            id="rate"
            type="range"
            min="0"
            max={STEPS}
            value={stepAt(rate)}
            aria-valuetext={`${count(rate)} per second`}
            onInput={(event) => setRate(rateAt(Number(event.currentTarget.value)))}
          />
          <input
            type="number"
            min="0"
            max={MAX_RATE}
            aria-label="Entries appended per second, as a number"
            value={typed ?? rate}
            onInput={(event) => {
              setTyped(event.currentTarget.value)
              setRate(Number(event.currentTarget.value))
            }}
            onBlur={() => setTyped(null)}
          />
        </div>
        <small>
          {rate === 0
            ? 'Nothing is being appended.'
            : requests === null
              ? 'Starting…'
              : `${rateText(requests.perSecond)} requests per second, ${batching(requests.entries)}.`}
          {producer.isBehind && ' The server or this browser cannot keep up, so the actual rate is lower.'}
        </small>
      </div>
      <Choice
        label="Batch size"
        values={BATCHES}
        value={batch}
        text={(value) => `${count(value)}`}
        set={(value) => balance.set({ batch: value })}
      />
      <Choice
        label="Work per batch"
        values={WORK_MS}
        value={workMs}
        text={(value) => (value === 0 ? 'none' : duration(value))}
        set={(value) => balance.set({ workMs: value })}
      />
      <Choice
        label="Claim idle entries"
        values={[0, ...CLAIM_MS]}
        value={ackTimeoutMs === undefined ? (claimIdleMs ?? 0) : 0}
        isDisabled={ackTimeoutMs !== undefined}
        text={(value) => (value === 0 ? 'only by hand' : `after ${duration(value)}`)}
        set={(value) => balance.set({ claimIdleMs: value === 0 ? undefined : value })}
      />
      <Choice
        label="Policy: time to ack"
        values={[0, ...ACK_MS]}
        value={ackTimeoutMs ?? 0}
        text={(value) => (value === 0 ? 'no limit' : duration(value))}
        set={(value) => balance.set({ ackTimeoutMs: value === 0 ? undefined : value })}
      />
      <Choice
        label="Policy: deliveries"
        values={[0, ...DELIVERIES]}
        value={maxDeliveries ?? 0}
        text={(value) => (value === 0 ? 'no limit' : `at most ${count(value)}`)}
        set={(value) => balance.set({ maxDeliveries: value === 0 ? undefined : value })}
      />
      <Choice
        label="Poison entries"
        values={[0, ...POISON]}
        value={poisonEvery}
        text={(value) => (value === 0 ? 'none' : `1 in ${count(value)}`)}
        set={(value) => balance.set({ poisonEvery: value })}
      />
      <p class="control-note">
        With a time to ack, entries of a crashed or paused worker go to the others without a claim, and slow
        workers extend theirs. Workers nack poison entries, which are dead after the maximum number of
        deliveries.
      </p>
    </section>
  )
}

function batching(entries: number): string {
  return entries < 1.05 ? 'one entry each' : `${rateText(entries)} entries each (batched)`
}

interface ChoiceProps {
  readonly label: string
  readonly values: readonly number[]
  readonly value: number
  readonly isDisabled?: boolean
  text(value: number): string
  set(value: number): void
}

function Choice({ label, values, value, isDisabled = false, text, set }: ChoiceProps) {
  return (
    <label class="control">
      {label}
      <select
        value={value}
        disabled={isDisabled}
        onChange={(event) => set(Number(event.currentTarget.value))}
      >
        {values.map((choice) => (
          <option key={choice} value={choice}>
            {text(choice)}
          </option>
        ))}
      </select>
    </label>
  )
}
