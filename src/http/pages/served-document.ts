/**
 * The document as it is served. Its address is relative to where it was read, so it holds for every port, name and path
 * that a proxy gives the server; `root` leads from the document to the root of the server.
 */
export function servedDocument<D extends object>(document: D, root: '.' | '..'): D {
  return { ...document, servers: [{ url: root, description: 'This server.' }] }
}
