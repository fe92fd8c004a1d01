import { open, unlink } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import path from 'node:path'

/** What a backup needs from the engine that has the directory open. */
export interface RetentionHold {
  /** Everything up to this position is kept, and nothing after it has been answered. */
  position(): number
  /** Allows the engine to delete journal segments again. */
  release(): void
}

/**
 * The socket in a data directory through which another process of the same user, on the same machine, asks
 * the engine to retain its journal. The hold lasts from the connection's start to its end, however it ends.
 * Any data on the connection is answered with a line that contains the journal's position.
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
    // The other side is gone, so nobody needs an answer.
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
      // The socket gets all permissions that the umask allows, and it is accessible at once.
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
/** The kernel accepts no longer path. */
const MAX_PATH_BYTES = 100

/**
 * Returns the path of the socket. If the directory's own path is too long, it goes through a file descriptor
 * in /proc, which works on Linux.
 */
export async function socketIn(directory: string): Promise<{ path: string; close(): Promise<void> }> {
  const direct = path.join(path.resolve(directory), SOCKET)
  if (Buffer.byteLength(direct) <= MAX_PATH_BYTES) return { path: direct, close: async () => undefined }
  const opened = await open(directory)
  return { path: `/proc/self/fd/${opened.fd}/${SOCKET}`, close: () => opened.close() }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
