import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { EchoRequest } from './handle-echo.ts'

/** With the server's own handle, sixteen connections are accepted in a turn of the event loop. */
export const LISTENER_COPIES = 15
/** How long they accept connections after a start. Clients that were cut off are back by then. */
export const COPIES_LAST_MS = 5000
/** As Node's HTTP server accepts them. */
const ACCEPTED = { allowHalfOpen: true, noDelay: true, keepAlive: true }
const ECHO = fileURLToPath(new URL('./handle-echo.js', import.meta.url))

/**
 * Further handles of the socket that a server listens on, for the first seconds after a start. In a turn of the event
 * loop, libuv accepts one connection for each handle (since 1.45, libuv/libuv#3696). A turn takes ten milliseconds and
 * more while the code is cold. With one handle, a crowd that connects at once, as after a restart, gets in at a hundred
 * connections a second. Later on, one handle is enough, and it slows down floods of connections.
 *
 * Node can duplicate a handle only by sending it to another process and back. That process starts early, because a start
 * of Node takes a tenth of a second, and ends after a few milliseconds of work. Another socket on the same port would do
 * as well, but needs SO_REUSEPORT, and then a second Weir could listen on the port unnoticed.
 */
export class ListenerCopies {
  readonly #log: Logger
  readonly #echo: ChildProcess
  readonly #listeners: Server[] = []
  /** Each resolves when a listener is closed, and with it all connections that it accepted. */
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
   * Copies the handle of a server that listens, and hands over what the copies accept. A failure is logged. `backlog` is
   * that of the server: it belongs to the socket, and each copy sets it.
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
      if (this.#listeners.length === LISTENER_COPIES) this.#end()
    })
    this.#ending = setTimeout(() => this.#stop(), COPIES_LAST_MS).unref()
    const request: EchoRequest = { copies: LISTENER_COPIES }
    this.#echo.send(request, handle, (error) => {
      if (error !== null) this.#giveUp(error)
    })
  }

  /** Accepts nothing from now on. Resolves when the connections that the copies accepted are closed. */
  async close(): Promise<void> {
    this.#stop()
    await Promise.all(this.#closed)
  }

  #stop(): void {
    clearTimeout(this.#ending)
    this.#end()
    for (const listener of this.#listeners.splice(0)) listener.close()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#echo.kill('SIGKILL')
  }

  #giveUp(error: Error): void {
    if (this.#isOver) return
    this.#log.warn({ err: error }, 'connections are accepted one at a time')
    this.#end()
  }
}
