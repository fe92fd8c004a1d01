import fs from 'node:fs'

// Loaded into a server before its own code, takes its disk away: from the moment on when the file exists that
// FAILING_DISK names, nothing can be synced any more.
const { fdatasync } = fs
fs.fdatasync = (fd, callback) => {
  if (!fs.existsSync(process.env['FAILING_DISK'] ?? '')) fdatasync(fd, callback)
  else
    setImmediate(
      callback,
      Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' })
    )
}
