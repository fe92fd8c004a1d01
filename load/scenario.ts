import type { Contender } from './contender.ts'
import type { WeirOptions } from './server.ts'

/**
 * The columns of figures: a contender's, Weir's on a second Node, and Weir's under other conditions, named by the row.
 */
export const COLUMNS = ['weir', 'otherNode', 'floor', 'proxy', 'direct', 'webdis', 'baseline'] as const
export type Column = (typeof COLUMNS)[number]

/** A question, and how to measure the answer. */
export interface Scenario {
  /** Its name for `--only`. */
  readonly name: string
  /** Describes it in `--help`. */
  readonly about: string
  /** How long one measurement takes, without its warm-up, unless `--seconds` is given. */
  readonly defaultSeconds: number
  /** How often it is measured, unless `--runs` is given. Default: 3. */
  readonly defaultRuns?: number
  readonly contenders: readonly Contender[]
  /** Whether it measures only the embedded engine. Default: false. */
  readonly embeddedOnly?: boolean
  /** Its rows in the table, by the names of its figures. */
  readonly rows: Readonly<Record<string, Row>>
  /** Measures everything once. Rejects with `Mismatch` if an entry was lost, delivered twice or refused. */
  measure(options: ScenarioOptions): Promise<Measurement>
}

/** A row of the table of results. */
export interface Row {
  /** Starts with the question's name, L1 to L8, if it has one. */
  readonly question: string
  /** Formats a figure. */
  show(value: number): string
  /** The column that Weir's figure is divided by. */
  readonly against?: Column
  /** The target of the ratio. */
  readonly ratio?: Bound
  /** The target of Weir's figure. */
  readonly value?: Bound
  /** Whether the run fails if a target is missed. Only for figures that do not depend on the speed of the machine. */
  readonly required?: boolean
}

export interface Bound {
  readonly atLeast?: number
  readonly above?: number
  readonly atMost?: number
}

export interface ScenarioOptions {
  readonly seconds: number
  /** The time before a measurement that does not count. */
  readonly warmUpSeconds: number
  /** The fraction of its entries that a scenario creates: 1 for all of them. */
  readonly share: number
  /** The contenders to measure, in this order. */
  readonly contenders: readonly Contender[]
  /** How Weir is started. */
  readonly weir: WeirOptions
}

export type Figures = Partial<Record<Column, number>>

/** A point of a plot: x and y. */
export type Point = readonly [number, number]

/** A period, in seconds from the start of a load. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The worst latencies during a load, and what Weir did at the same time. */
export interface Timeline {
  /** Distinguishes it from the other timelines of its run. */
  readonly name: string
  /** The worst latencies in milliseconds (y), by seconds from the start of the load (x). */
  readonly worst: Readonly<Partial<Record<Contender, readonly Point[]>>>
  /** Weir's checkpoints. */
  readonly checkpoints: readonly Span[]
  /** Weir's garbage collections of young objects. */
  readonly youngCollections: readonly Span[]
  /** Weir's garbage collections of all objects. */
  readonly oldCollections: readonly Span[]
  /** Weir's figure. The plot shows the run with the median one. */
  readonly figure: number
}

/** The results of one run of a scenario. */
export interface Measurement {
  /** By the name of the row. */
  readonly figures: Readonly<Record<string, Figures>>
  /**
   * The ratios of Weir's figures to those of the columns `against`, by the name of the row, if they were computed turn by
   * turn. Default: the quotients of the figures.
   */
  readonly ratios?: Readonly<Record<string, number>>
  /** For the scenario's plot, if it has one. */
  readonly curves?: Readonly<Partial<Record<Contender, readonly Point[]>>>
  /** The rate of a steady load. */
  readonly rate?: number
  /** For a plot over the time of a run. */
  readonly timelines?: readonly Timeline[]
  /** Facts that the figures do not show, in a sentence each. */
  readonly notes?: readonly string[]
}

/** Reports progress on stderr, so that stdout contains only the results. */
export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`)
}
