import { open, unlink } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import path from 'node:path'

/** What somebody who copies a data directory needs of the engine that has it open. */
export interface RetentionHold {
  /** Everything up to there is kept, and nothing beyond it has been answered. */
  position(): number
  /** Lets go of the journal again. */
  release(): void
}

/**
 * The socket in a data directory through which another process on this machine, of the same user, asks the engine to
 * hold on to its journal. It is held from when that process connects until its connection ends, however that comes
 * about. Whatever it writes is answered with a line that says how far the journal has come.
 */
export async function openControlSocket(
  directory: string,
  hold: () => RetentionHold
): Promise<{ close(): Promise<void> }> {
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    const retention = hold()
    connections.add(socket)
    socket.on('data', () => socket.write(`${retention.position()}\n`))
    // Whoever went away in the middle has nothing to be told.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      connections.delete(socket)
      retention.release()
    })
  })
  const socketPath = await socketIn(directory)
  await unlink(socketPath.path).catch(ignoreMissing)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      // A socket gets all that the umask leaves, and it is there at once.
      const umask = process.umask(0o177)
      server.listen(socketPath.path, resolve)
      process.umask(umask)
    })
  } finally {
    await socketPath.close()
  }
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of connections) socket.destroy()
      await closed
      await unlink(path.join(directory, SOCKET)).catch(ignoreMissing)
    }
  }
}

const SOCKET = 'door'
/** The kernel takes no longer one. */
const MAX_PATH_BYTES = 100

/** The path of the socket: where the directory's own is too long, by way of its descriptor, as Linux lets one. */
export async function socketIn(directory: string): Promise<{ path: string; close(): Promise<void> }> {
  const direct = path.join(path.resolve(directory), SOCKET)
  if (Buffer.byteLength(direct) <= MAX_PATH_BYTES) return { path: direct, close: async () => undefined }
  const opened = await open(directory)
  return { path: `/proc/self/fd/${opened.fd}/${SOCKET}`, close: () => opened.close() }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
