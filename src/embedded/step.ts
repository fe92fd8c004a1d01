/**
 * The steps of a change from the journal's buffer to the store, each reported when it is reached. Tests end
 * the process at each of them; nobody else listens. The journal's `Files` report what happens on disk.
 */
export type Step =
  /** The change is in the journal's buffer, and is about to be applied. */
  | 'appended'
  /** The checkpoint has captured what it will save. */
  | 'checkpoint captured'
  /** The journal is durable up to the captured position. */
  | 'checkpoint synced'
  /** Between two slices of a checkpoint. */
  | 'checkpoint slice'
  /** Everything is written, and the transaction is about to be committed. */
  | 'checkpoint written'
  /** The store has the checkpoint. */
  | 'checkpoint saved'
  /** The journal has deleted what it no longer needs. */
  | 'checkpoint released'
