import type { Reporter, TestModule } from 'vitest/node'
import { LANGUAGE_NAMES, type LanguageName } from '../../openapi/sdk/languages.ts'
import { keepRuns, type Run } from '../../openapi/sdk/outcome.ts'

/** Writes the results of each language for the table of `npm run sdk`. */
// biome-ignore lint/style/noDefaultExport: this is how vitest finds it.
export default class RunReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const runs: Partial<Record<LanguageName, Run>> = {}
    for (const name of LANGUAGE_NAMES) {
      const module = modules.find(
        ({ relativeModuleId }) => relativeModuleId === `test/clients/${name}.test.ts`
      )
      if (module === undefined) continue
      const states = [...module.children.allTests()].map((test) => test.result().state)
      const passed = states.filter((state) => state === 'passed').length
      // A file that broke before its first test has none.
      runs[name] = { passed, failed: Math.max(states.length - passed, module.ok() ? 0 : 1) }
    }
    keepRuns(runs)
  }
}
