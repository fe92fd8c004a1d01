/** Number of a slot: where one pending entry's values stand. */
export type Slot = number
