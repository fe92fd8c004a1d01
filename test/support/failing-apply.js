import { existsSync } from 'node:fs'

// Loaded into a server before its own code, has it throw in the middle of a change: from the moment on when the file exists
// that BREAKING_OFF names, what an append adds is there, and what it trims is not gone yet.
const { Streams } = await import(new URL('../../dist/embedded/core/streams.js', import.meta.url))
const { apply } = Streams.prototype
Streams.prototype.apply = function (change) {
  if (change.kind === 'trimmed' && existsSync(process.env['BREAKING_OFF'] ?? ''))
    throw new Error('broken off')
  apply.call(this, change)
}
