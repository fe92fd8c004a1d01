const ignore = () => {}
const nothing = () => null

/** The hooks of a core without storage: nothing is stored, and everything is in memory. */
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
    pending: ignore,
    dead: ignore
  },
  blockSource: { atOrBefore: nothing, after: nothing }
}
