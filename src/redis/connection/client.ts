import { createClient, ErrorReply, RESP_TYPES } from 'redis'

/**
 * What Redis answers, in the second version of its protocol: the scripts' answers look the same on every server. Texts
 * are bytes where that was asked for.
 */
export type Reply = string | Buffer | number | null | Reply[]

const AS_BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }

/** One connection. When it ends it does not come back: a new one is made instead, maybe to another server. */
export interface Client {
  /** With `inBytes` the texts of the answer are bytes, since they may be no UTF-8. */
  sendCommand(args: readonly string[], inBytes?: boolean): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  destroy(): void
}

const CONNECT_TIMEOUT_MS = 3000
/** A server that takes the connection may still not answer. */
const LOGIN_TIMEOUT_MS = 5000

/** Connects and logs in; calls `onEnd` once when the connection ends. Rejects with what was wrong. */
export async function connect(url: string, onEnd: (error: Error) => void): Promise<Client> {
  let failure: Error | undefined
  let isOpen = false
  const client = createClient({
    url,
    RESP: 2,
    name: 'weir',
    // Nothing is sent later than it was asked for: whoever asks while there is no connection is refused.
    disableOfflineQueue: true,
    disableClientInfo: true,
    // The client's own timeout is a timer for each command. `Server` watches over all of them with one.
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

/** Whether this is an answer of Redis; anything else means that there was none. */
export function isErrorReply(error: unknown): error is Error {
  return error instanceof ErrorReply
}
