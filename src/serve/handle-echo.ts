/** Requests duplicates of the handle that is sent with the message. */
export interface EchoRequest {
  /** Number of duplicates to send back. */
  readonly copies: number
}

// Runs in its own process. A process that receives a handle from another one gets a duplicate of it.
process.on('message', ({ copies }: EchoRequest, handle) => {
  const send = (left: number): void => {
    if (left > 0) process.send?.(null, handle, {}, () => send(left - 1))
  }
  send(copies)
})
process.on('disconnect', () => process.exit())
