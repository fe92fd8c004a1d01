import { existsSync } from 'node:fs'

// Loaded into a server before its own code. Once the file exists that FAILING_APPLY names, an append that trims throws
// halfway: its entries are applied, and its trim is not.
const { Streams } = await import(new URL('../../dist/embedded/core/streams.js', import.meta.url))
const { apply } = Streams.prototype
Streams.prototype.apply = function (change) {
  if (change.kind === 'trimmed' && existsSync(process.env['FAILING_APPLY'] ?? ''))
    throw new Error('broken off')
  apply.call(this, change)
}
