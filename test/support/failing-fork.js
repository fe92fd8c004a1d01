import children from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

// Loaded into a server before its own code. Every process that it forks ends at once.
const { spawn } = children
children.fork = () => spawn('false', { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
syncBuiltinESMExports()
