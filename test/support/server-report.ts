import type { Reporter, TestModule } from 'vitest/node'
import { EXPECTED_SERVERS, serverPrograms } from './server-programs.ts'
import { suiteCounts } from './suite-counts.ts'

/** Prints which suites ran on each server, and how many of their tests passed. */
// biome-ignore lint/style/noDefaultExport: this is how vitest finds it.
export default class ServerReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const titles = new Map(serverPrograms().map(({ name, title }) => [name, title]))
    const names = new Set([...titles.keys(), ...EXPECTED_SERVERS])
    const lines = [...names].flatMap((name) => {
      const own = modules.filter(({ project }) => project.name === name)
      return own.length === 0 ? [] : [`${titles.get(name) ?? `${name} not found`}: ${suiteCounts(own)}`]
    })
    if (lines.length > 0) process.stdout.write(`\nServers\n${lines.map((line) => `  ${line}\n`).join('')}`)
  }
}
