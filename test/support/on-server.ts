import { describe } from 'vitest'
import { type ServerProgram, serverUnderTest } from './server-programs.ts'

const server = serverUnderTest()

/**
 * A suite on the server of its project, with the server in its name. Skipped if the machine does not have the server.
 */
export function describeOnServer(name: string, define: (server: ServerProgram) => void): void {
  if (server === undefined) describe.skip(`${name} on a missing server`, () => define(MISSING))
  else describe(`${name} on ${server.title}`, () => define(server))
}

/** A placeholder for the server in skipped tests. */
const MISSING: ServerProgram = {
  name: 'none',
  kind: 'redis',
  version: '0.0.0',
  title: 'none',
  program: 'none'
}
