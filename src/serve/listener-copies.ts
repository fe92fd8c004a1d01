import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { EchoRequest } from './handle-echo.ts'

/** Together with the server's own handle, 16 connections are accepted per turn of the event loop. */
export const LISTENER_COPIES = 15
/**
 * How long the copies accept connections after a start. By then, clients that were cut off have reconnected.
 */
export const COPIES_LAST_MS = 5000
/** The same options as for connections that Node's HTTP server accepts itself. */
const ACCEPTED = { allowHalfOpen: true, noDelay: true, keepAlive: true }
const ECHO = fileURLToPath(new URL('./handle-echo.js', import.meta.url))

/**
 * Further handles of the socket that a server listens on, for the first seconds after a start. In a turn of
 * the event loop, libuv accepts one connection per handle (since 1.45, libuv/libuv#3696). A turn takes ten
 * milliseconds or more while the code is cold. So with one handle, only a hundred of the clients that
 * reconnect after a restart are accepted per second. Later on, one handle is enough, and it slows down floods
 * of connections.
 *
 * Node can duplicate a handle only by sending it to another process and back. That process starts early,
 * because Node takes a tenth of a second to start, and it ends after a few milliseconds of work. A second
 * socket on the same port would work, too, but requires SO_REUSEPORT, and then another Weir could listen on
 * the port unnoticed.
 */
export class ListenerCopies {
  readonly #log: Logger
  readonly #echo: ChildProcess
  readonly #listeners: Server[] = []
  /** Each resolves when a listener and all connections that it accepted are closed. */
  readonly #closed: Promise<unknown>[] = []
  #isOver = false
  #ending: NodeJS.Timeout | undefined

  constructor(log: Logger) {
    this.#log = log
    const { NODE_OPTIONS: _, ...env } = process.env
    this.#echo = fork(ECHO, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    this.#echo.on('error', (error) => this.#giveUp(error))
    this.#echo.on('exit', (code, signal) =>
      this.#giveUp(new Error(`The child process ended with ${signal ?? code}`))
    )
    this.#echo.unref()
    this.#echo.channel?.unref()
  }

  /**
   * Copies the handle of a listening server, and passes each connection that a copy accepts to `take`. Logs
   * failures. `backlog` must be the server's own: it is a setting of the socket, and each copy sets it again.
   */
  make(server: Server, backlog: number, take: (socket: Socket) => void): void {
    if (this.#isOver) return
    const { _handle: handle } = server as unknown as { _handle: never }
    this.#echo.on('message', (_message, copy) => {
      if (this.#isOver) return
      const listener = createServer(ACCEPTED, take).listen(copy, backlog)
      listener.on('error', (error) => this.#log.warn({ err: error }, 'failed to accept a connection'))
      this.#listeners.push(listener)
      this.#closed.push(once(listener, 'close'))
      if (this.#listeners.length === LISTENER_COPIES) this.#endEcho()
    })
    this.#ending = setTimeout(() => this.#stop(), COPIES_LAST_MS).unref()
    const request: EchoRequest = { copies: LISTENER_COPIES }
    this.#echo.send(request, handle, (error) => {
      if (error !== null) this.#giveUp(error)
    })
  }

  /** Stops accepting connections. Resolves when those that the copies accepted are closed. */
  async close(): Promise<void> {
    this.#stop()
    await Promise.all(this.#closed)
  }

  #stop(): void {
    clearTimeout(this.#ending)
    this.#endEcho()
    for (const listener of this.#listeners.splice(0)) listener.close()
  }

  #endEcho(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#echo.kill('SIGKILL')
  }

  #giveUp(error: Error): void {
    if (this.#isOver) return
    this.#log.warn({ err: error }, 'connections are accepted one at a time')
    this.#endEcho()
  }
}
