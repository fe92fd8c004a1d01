import fs from 'node:fs'

// Loaded into a server before its own code, takes its disk away: from the moment on when the file exists that
// FAILING_DISK names, nothing can be written to a place in a file or synced any more.
fs.fdatasync = failing(fs.fdatasync, 'fdatasync', () => true)
// What has no place goes to the log.
fs.write = failing(fs.write, 'write', (_fd, _bytes, _at, _length, position) => typeof position === 'number')

function failing(works, syscall, concerns) {
  return (...args) => {
    if (!concerns(...args) || !fs.existsSync(process.env['FAILING_DISK'] ?? '')) return works(...args)
    const error = Object.assign(new Error(`EIO: i/o error, ${syscall}`), { code: 'EIO', syscall })
    setImmediate(args.at(-1), error)
  }
}
