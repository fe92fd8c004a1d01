import type { components } from './generated.ts'

/* Parts of the API's answers, for the views. Their members are described in generated.ts. */

type Schemas = components['schemas']

export type Entry = Schemas['StreamEntry']
export type EntryPage = Schemas['EntryList']
export type StreamSummary = Schemas['StreamSummary']
export type Stream = Schemas['StreamInfo']
export type Group = Schemas['GroupInfo']
export type DeliveryPolicy = Schemas['CurrentDeliveryPolicy']
export type Consumer = Schemas['ConsumerInfo']
export type PendingEntry = Schemas['PendingEntry']
export type DeadEntry = Schemas['DeadEntry']
export type DeadPage = Schemas['DeadList']
export type Redriven = Schemas['RedrivenEntries']
/** An entry that a read or a claim returned. */
export type DeliveredEntry = Schemas['DeliveredEntry'] | Schemas['ClaimedEntry']
/** Why a request was refused. */
export type Problem = Schemas['Problem']
/** An invalid part of a request, by its JSON pointer. */
export type Fault = Schemas['Fault']
