import { createClient, ErrorReply, RESP_TYPES } from 'redis'

/**
 * A reply of Redis in version 2 of its protocol, in which scripts reply the same on every server. Strings are bytes if
 * the command was sent with `inBytes`.
 */
export type Reply = string | Buffer | number | null | Reply[]

const AS_BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }

/** One connection. It does not reconnect: its owner opens a new one, possibly to another server. */
export interface Client {
  /** With `inBytes`, the reply's strings are bytes, for values that may be invalid UTF-8. */
  sendCommand(args: readonly string[], inBytes?: boolean): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  destroy(): void
}

const CONNECT_TIMEOUT_MS = 3000
/** A server that accepts the connection may still not respond. */
const LOGIN_TIMEOUT_MS = 5000

/** Connects and logs in. Calls `onEnd` once when the connection ends. Rejects with the reason if it cannot connect. */
export async function connect(url: string, onEnd: (error: Error) => void): Promise<Client> {
  let failure: Error | undefined
  let isOpen = false
  const client = createClient({
    url,
    RESP: 2,
    name: 'weir',
    // Without a connection, a command is refused at once instead of being queued and sent later.
    disableOfflineQueue: true,
    disableClientInfo: true,
    // The client's own timeout needs a timer for each command. `Server` has one timer for all of them.
    commandOptions: { timeout: 0 },
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS }
  })
  client.on('error', (error: Error) => {
    failure = error
    if (isOpen) onEnd(error)
    isOpen = false
  })
  const overdue = setTimeout(() => {
    failure ??= new Error('Redis does not respond')
    client.destroy()
  }, LOGIN_TIMEOUT_MS)
  try {
    await client.connect()
  } catch (error) {
    client.destroy()
    throw failure ?? error
  } finally {
    clearTimeout(overdue)
  }
  isOpen = true
  return {
    sendCommand: (args, inBytes = false) => client.sendCommand(args, inBytes ? AS_BYTES : undefined),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    destroy() {
      isOpen = false
      client.destroy()
    }
  }
}

/** Whether Redis replied with this error. Any other error means that no reply arrived. */
export function isErrorReply(error: unknown): error is Error {
  return error instanceof ErrorReply
}
