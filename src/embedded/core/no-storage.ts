const ignore = () => {}
const nothing = () => null

/** The hooks of a core by itself: nothing is stored, and all of it is in memory. */
export const NO_STORAGE = {
  tracker: {
    stream: ignore,
    streamDeleted: ignore,
    block: ignore,
    blockHeld: ignore,
    blockDropped: ignore,
    namespaceCleared: ignore,
    group: ignore,
    groupDeleted: ignore,
    consumer: ignore,
    consumerDeleted: ignore,
    pending: ignore
  },
  blockSource: { atOrBefore: nothing, after: nothing }
}
