import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file as it is sent. */
export interface StaticFile {
  readonly bytes: Buffer
  readonly type: string
  readonly etag: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml'
}

/**
 * Reads the files of a directory and its subdirectories, by their paths in it. They are read once, so no path
 * of a request ever reaches the file system. To open a file for each request would not only cost time: one
 * connection can pipeline hundreds of requests, and when it closes, Node neither sends nor ends their
 * answers, so the files would stay open.
 */
export function readStaticFiles(directory: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>()
  for (const item of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue
    const file = join(item.parentPath, item.name)
    const bytes = readFileSync(file)
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
    const type = TYPES[extname(item.name)] ?? 'application/octet-stream'
    files.set(file.slice(join(directory, sep).length).replaceAll(sep, '/'), { bytes, type, etag })
  }
  return files
}

/**
 * Sends a file, or 304 if the client has it. Ranges are not supported: such a request gets the whole file.
 */
export function sendStaticFile(file: StaticFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('etag', file.etag)
  if (isKnown(file.etag, request.headers['if-none-match'])) return reply.code(304).send()
  return reply.type(file.type).send(file.bytes)
}

function isKnown(etag: string, known: string | undefined): boolean {
  if (known === undefined) return false
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}
