import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { LANGUAGE_NAMES, type LanguageName } from '../../openapi/sdk/languages.ts'
import { keepRuns, type Run } from '../../openapi/sdk/outcome.ts'
import { blockOf } from './chosen.ts'

/** Writes how many tests of each language passed, for the table of `npm run sdk`. */
// biome-ignore lint/style/noDefaultExport: this is how vitest finds it.
export default class RunReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const runs: Partial<Record<LanguageName, Run>> = {}
    const tests = modules.flatMap(({ children }) => [...children.allTests()])
    for (const name of LANGUAGE_NAMES) {
      const ofName = tests.filter((test) => isIn(test, blockOf(name)))
      const passed = ofName.filter((test) => test.result().state === 'passed').length
      if (ofName.length > 0) runs[name] = { passed, failed: ofName.length - passed }
    }
    keepRuns(runs)
  }
}

function isIn(test: TestCase, block: string): boolean {
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) {
    if (parent.name === block) return true
  }
  return false
}
