/**
 * The document as it is served. The URL of its server is relative to the document, so it is right for every
 * host, port and path at which a proxy serves it. `root` leads from the document to the root of the server.
 */
export function servedDocument<D extends object>(document: D, root: '.' | '..'): D {
  return { ...document, servers: [{ url: root, description: 'This server.' }] }
}
