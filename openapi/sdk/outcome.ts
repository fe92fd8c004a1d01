import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** How many tests of a worker passed. */
export interface Run {
  readonly passed: number
  readonly failed: number
}

/** The part of a worker in the story of all languages. */
export interface Part {
  /** How many lines it processed. */
  readonly entries: number
  /** How many entries it held when it was killed, and how many of them another consumer took over. */
  readonly held: number
  readonly takenOver: number
}

type OfLanguages<T> = Readonly<Partial<Record<LanguageName, T>>>

/** What the suite found out. */
export interface Found {
  readonly runs: OfLanguages<Run>
  readonly story: OfLanguages<Part>
}

/** Not committed. A run with `--run-only` reads what an earlier one with `--no-run` wrote. */
const CACHE = new URL('../../node_modules/.cache/sdk/', import.meta.url)
const OUTCOMES = 'outcomes.json'
const RUNS = 'runs.json'
const STORY = 'story.json'

/** Replaces the outcomes of these languages, and keeps those of the others. */
export function keepOutcomes(outcomes: readonly Outcome[]): void {
  const kept = readOutcomes().filter(({ language }) => !outcomes.some((made) => made.language === language))
  write(OUTCOMES, [...kept, ...outcomes])
}

export function readOutcomes(): Outcome[] {
  return read<Outcome[]>(OUTCOMES, [])
}

export function keepRuns(runs: OfLanguages<Run>): void {
  write(RUNS, runs)
}

export function keepStory(story: OfLanguages<Part>): void {
  write(STORY, story)
}

export function readFound(): Found {
  return { runs: read(RUNS, {}), story: read(STORY, {}) }
}

/** Forgets what an earlier suite found out. */
export function forgetFound(): void {
  for (const name of [RUNS, STORY]) rmSync(new URL(name, CACHE), { force: true })
}

function write(name: string, value: unknown): void {
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(new URL(name, CACHE), JSON.stringify(value, null, 2))
}

function read<T>(name: string, otherwise: T): T {
  const file = new URL(name, CACHE)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise
}
