import type { Reporter, TestModule } from 'vitest/node'
import { suiteCounts } from './suite-counts.ts'

/** Prints on which Node the suites ran, and how many of their tests passed. test/node.test.ts checks the version. */
// biome-ignore lint/style/noDefaultExport: this is how vitest finds it.
export default class NodeReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    process.stdout.write(`\nNode ${process.versions.node}: ${suiteCounts(modules)}\n`)
  }
}
