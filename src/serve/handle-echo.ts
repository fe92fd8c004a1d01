/** Asks for so many duplicates of the handle that comes with it. */
export interface EchoRequest {
  readonly copies: number
}

// Runs as a process of its own: whoever receives a handle from another process has a duplicate of it.
process.on('message', ({ copies }: EchoRequest, handle) => {
  const send = (left: number): void => {
    if (left > 0) process.send?.(null, handle, {}, () => send(left - 1))
  }
  send(copies)
})
process.on('disconnect', () => process.exit())
