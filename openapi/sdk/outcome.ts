import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LanguageName } from './languages.ts'

/** What became of the client of a language. */
export interface Outcome {
  readonly language: LanguageName
  readonly lines: number
  readonly types: number
  /** How many warnings of the generator no change of the document can avoid. */
  readonly warnings: number
  readonly isCompiled: boolean
  /** Why it failed, in short sentences. */
  readonly failures: readonly string[]
}

/** What the suite says about the worker of a language. */
export interface Run {
  readonly passed: number
  readonly failed: number
  /** How many lines its worker processed in the story of all languages. */
  readonly entries?: number
  /** How many entries the worker held when it was killed, and how many of them another worker took over. */
  readonly held?: number
  readonly takenOver?: number
}

/** Not committed. A run with `--run-only` reads what an earlier one with `--no-run` wrote. */
const CACHE = new URL('../../node_modules/.cache/sdk/', import.meta.url)
const OUTCOMES = new URL('outcomes.json', CACHE)
/** Where the suite writes its results. */
export const RUNS = fileURLToPath(new URL('runs.json', CACHE))

/** Replaces the outcomes of these languages, and keeps those of the others. */
export function keepOutcomes(outcomes: readonly Outcome[]): void {
  const kept = readOutcomes().filter(({ language }) => !outcomes.some((made) => made.language === language))
  write(fileURLToPath(OUTCOMES), [...kept, ...outcomes])
}

export function readOutcomes(): Outcome[] {
  return read<Outcome[]>(fileURLToPath(OUTCOMES)) ?? []
}

export function keepRuns(runs: Readonly<Partial<Record<LanguageName, Run>>>): void {
  write(RUNS, runs)
}

export function readRuns(): Partial<Record<LanguageName, Run>> {
  return read<Partial<Record<LanguageName, Run>>>(RUNS) ?? {}
}

function write(file: string, value: unknown): void {
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(file, JSON.stringify(value, null, 2))
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
