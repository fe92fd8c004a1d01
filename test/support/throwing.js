// Loaded into a server before its own code. On SIGUSR2 it throws an exception that nobody catches.
process.on('SIGUSR2', () => {
  throw new Error('nobody catches this')
})
