/**
 * Where the process may end on the way of a change from the journal's buffer into the store, told when it comes there.
 * What the journal does on disk is told by its `Files`. Nobody listens but tests, which end it at each of them.
 */
export type Step =
  /** It is in the journal's buffer, and about to be applied. */
  | 'appended'
  /** What a checkpoint will save is known. */
  | 'checkpoint captured'
  /** The journal is durable up to there. */
  | 'checkpoint synced'
  /** Between two slices of its work. */
  | 'checkpoint slice'
  /** All of it is written, and the transaction about to be committed. */
  | 'checkpoint written'
  /** The store has it. */
  | 'checkpoint saved'
  /** The journal was told what it no longer needs. */
  | 'checkpoint released'
