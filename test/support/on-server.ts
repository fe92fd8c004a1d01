import { describe } from 'vitest'
import { type ServerProgram, serverUnderTest } from './server-programs.ts'

const server = serverUnderTest()

/** A suite on the server of its project, whose name it bears; skipped without one. */
export function describeOnServer(name: string, define: (server: ServerProgram) => void): void {
  if (server === undefined) describe.skip(`${name} on a server that is not here`, () => define(NOWHERE))
  else describe(`${name} on ${server.title}`, () => define(server))
}

/** Stands for the server in tests that are skipped. */
const NOWHERE: ServerProgram = {
  name: 'none',
  kind: 'redis',
  version: '0.0.0',
  title: 'none',
  program: 'none'
}
