export interface Scenario {
  /** What `--only` calls it. */
  readonly name: string
  readonly about: string
  /** How long one measurement takes, without its warm-up, unless `--seconds` says otherwise. */
  readonly defaultSeconds: number
  /** Measures and prints. Gives false when what happened is not what must happen. */
  run(options: ScenarioOptions): Promise<boolean>
}

export interface ScenarioOptions {
  readonly seconds: number
  /** How often a comparison is repeated; the median counts. */
  readonly runs: number
  /** How much of the entries that a scenario is about it is to make: 1 for all of them. */
  readonly share: number
}

/** Says on stderr how far it is, so that stdout has the results alone. */
export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`)
}
