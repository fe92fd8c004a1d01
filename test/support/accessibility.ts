import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Expects that axe finds no serious violations on the page in its current state. */
export async function expectNoViolations(page: Page, view: string): Promise<void> {
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] }
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const messages = serious.map(
    ({ id, nodes }) => `${view}: ${id}: ${nodes[0]?.html}: ${nodes[0]?.failureSummary}`
  )
  expect(messages).toEqual([])
}
