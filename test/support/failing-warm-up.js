import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

// Loaded into a server before its own code. The directory of the warm-up cannot be created.
const { mkdir } = fs
fs.mkdir = async (path, ...rest) => {
  if (String(path).endsWith('.warm-up')) throw new Error('No directory can be created here')
  return mkdir(path, ...rest)
}
syncBuiltinESMExports()
