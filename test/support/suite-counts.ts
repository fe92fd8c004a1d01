import type { TestModule } from 'vitest/node'

/** A line with the suites of these modules, and how many of their tests passed, failed and were skipped. */
export function suiteCounts(modules: readonly TestModule[]): string {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
  for (const { children } of modules) for (const test of children.allTests()) counts[test.result().state]++
  const { passed, failed, skipped, pending } = counts
  const unended = pending === 0 ? '' : `, ${pending} never ended`
  return `${suitesOf(modules)}: ${passed} passed, ${failed} failed, ${skipped} skipped${unended}`
}

/** The folders of the suites, and the file if its folder contains several suites. */
function suitesOf(modules: readonly TestModule[]): string {
  const names = modules.map(({ relativeModuleId }) => {
    const [, folder = '', file = ''] = relativeModuleId.replace(/\.test\.ts$/, '').split('/')
    return folder === 'conformance' ? `${folder}/${file}` : folder
  })
  return [...new Set(names)].sort().join(', ')
}
