import { describe } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { blockOf } from './chosen.ts'
import { testRefusals } from './refusals.ts'
import { testRestarts } from './restarts.ts'
import { testStopping } from './stopping.ts'
import { testTokens } from './tokens.ts'
import { testWays } from './ways.ts'
import { testWork } from './work.ts'
import { weirForTests } from './workplace.ts'

/** Tests the worker of a language. */
export function describeWorker(language: LanguageName): void {
  describe(blockOf(language), () => {
    const weir = weirForTests()
    testWork(language, weir)
    testStopping(language, weir)
    testRefusals(language, weir)
    testWays(language, weir)
    testRestarts(language)
    testTokens(language)
  })
}
