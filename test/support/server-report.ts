import type { Reporter, TestModule } from 'vitest/node'
import { EXPECTED_SERVERS, testServers } from './servers.ts'

/** Prints for each server which suites ran on it, and how many of their tests passed. */
// biome-ignore lint/style/noDefaultExport: this is how vitest finds it.
export default class ServerReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const titles = new Map(testServers().map(({ name, title }) => [name, title]))
    const names = new Set([...titles.keys(), ...EXPECTED_SERVERS])
    const lines = [...names].flatMap((name) => {
      const own = modules.filter(({ project }) => project.name === name)
      return own.length === 0 ? [] : [`${titles.get(name) ?? `${name} not found`}: ${summary(own)}`]
    })
    if (lines.length > 0) process.stdout.write(`\nServers\n${lines.map((line) => `  ${line}\n`).join('')}`)
  }
}

function summary(modules: readonly TestModule[]): string {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
  for (const { children } of modules) for (const test of children.allTests()) counts[test.result().state]++
  const { passed, failed, skipped, pending } = counts
  const unended = pending === 0 ? '' : `, ${pending} never ended`
  return `${suitesOf(modules)}: ${passed} passed, ${failed} failed, ${skipped} skipped${unended}`
}

/** The folders of the suites, and their files where a folder has other suites, too. */
function suitesOf(modules: readonly TestModule[]): string {
  const names = modules.map(({ relativeModuleId }) => {
    const [, folder = '', file = ''] = relativeModuleId.split('/')
    return folder === 'conformance' ? `${folder}/${file.replace('.test.ts', '')}` : folder
  })
  return [...new Set(names)].sort().join(', ')
}
