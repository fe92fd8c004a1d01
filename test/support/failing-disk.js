import fs from 'node:fs'

// Loaded into a server before its own code. Once the file exists that FAILING_DISK names, syncs fail, and so do
// writes to a position of a file.
fs.fdatasync = failing(fs.fdatasync, 'fdatasync', () => true)
// Writes without a position go to the log.
fs.write = failing(fs.write, 'write', (_fd, _bytes, _at, _length, position) => typeof position === 'number')

function failing(original, syscall, applies) {
  return (...args) => {
    if (!applies(...args) || !fs.existsSync(process.env['FAILING_DISK'] ?? '')) return original(...args)
    const error = Object.assign(new Error(`EIO: i/o error, ${syscall}`), { code: 'EIO', syscall })
    setImmediate(args.at(-1), error)
  }
}
