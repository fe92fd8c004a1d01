// Loaded into a server before its own code, has it throw what nobody catches when SIGUSR2 comes.
process.on('SIGUSR2', () => {
  throw new Error('nobody catches this')
})
