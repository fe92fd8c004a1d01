import type { Contender } from './contender.ts'
import type { WeirOptions } from './server.ts'

/**
 * Whose figures a row has: a contender's; Weir's own on a second Node; or Weir's own under circumstances that the row
 * names, to compare with.
 */
export const COLUMNS = ['weir', 'otherNode', 'floor', 'proxy', 'direct', 'webdis', 'baseline'] as const
export type Column = (typeof COLUMNS)[number]

/** A question, and how its answer is measured. */
export interface Scenario {
  /** What `--only` calls it. */
  readonly name: string
  readonly about: string
  /** How long one measurement takes, without its warm-up, unless `--seconds` says otherwise. */
  readonly defaultSeconds: number
  /** How often it is measured, unless `--runs` says otherwise; three times, if not given. */
  readonly defaultRuns?: number
  readonly contenders: readonly Contender[]
  /** Whether it works on the embedded engine's files, so that it says nothing of another engine. */
  readonly embeddedOnly?: boolean
  /** What it measures, under the names that its figures have. */
  readonly rows: Readonly<Record<string, Row>>
  /** Measures everything once. Rejects when what happened is not what must happen. */
  measure(options: ScenarioOptions): Promise<Measurement>
}

/** A line of the table of results. */
export interface Row {
  /** Begins with the question's name, where it has one. */
  readonly question: string
  show(value: number): string
  /** Whose figure Weir's is divided by. */
  readonly against?: Column
  /** What is to be reached: by the ratio, by Weir's figure, or by both. */
  readonly ratio?: Bound
  readonly value?: Bound
  /** Whether a run fails that does not reach it. Only what does not depend on how fast the machine is. */
  readonly required?: boolean
}

export interface Bound {
  readonly atLeast?: number
  readonly above?: number
  readonly atMost?: number
}

export interface ScenarioOptions {
  readonly seconds: number
  /** What comes first and does not count. */
  readonly warmUpSeconds: number
  /** How much of the entries that a scenario is about it is to make: 1 for all of them. */
  readonly share: number
  /** Who takes part, in this order. */
  readonly contenders: readonly Contender[]
  /** How Weir is started. */
  readonly weir: WeirOptions
}

export type Figures = Partial<Record<Column, number>>

/** x and y of a plot. */
export type Point = readonly [number, number]

/** A time in seconds from the start of a load. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The worst latencies over the time of a load, beside what Weir did meanwhile. */
export interface Timeline {
  /** Where the data was, or whatever tells it from the others of its run. */
  readonly name: string
  /** Seconds and milliseconds. */
  readonly worst: Readonly<Partial<Record<Contender, readonly Point[]>>>
  /** Of Weir alone, as what follows. */
  readonly checkpoints: readonly Span[]
  readonly youngCollections: readonly Span[]
  readonly oldCollections: readonly Span[]
  /** Weir's figure by which the middle one of several runs is chosen. */
  readonly figure: number
}

/** What one run of a scenario found. */
export interface Measurement {
  /** By the name of the row. */
  readonly figures: Readonly<Record<string, Figures>>
  /** For the scenario's plot, if it has one. */
  readonly curves?: Readonly<Partial<Record<Contender, readonly Point[]>>>
  /** The steady rate that it was measured at, if there was one. */
  readonly rate?: number
  /** What happened when, for a plot of one run. */
  readonly timelines?: readonly Timeline[]
  /** What the figures cannot tell, in a sentence each. */
  readonly notes?: readonly string[]
}

/** Says on stderr how far it is, so that stdout has the results alone. */
export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`)
}
