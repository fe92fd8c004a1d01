/** A program that generates clients, and how to read what it prints. */
export interface Generator {
  /** Lines of its output that are warnings. */
  readonly warning: RegExp
  /** Warnings that no change of the document can avoid, each with the reason. Others make a run fail. */
  readonly unavoidable: readonly { readonly text: RegExp; readonly why: string }[]
}

export const GENERATORS = {
  none: { warning: /\bwarning\b/i, unavoidable: [] },
  'openapi-typescript': { warning: /⚠|\bwarn/i, unavoidable: [] },
  'openapi-generator': {
    // Its Maven plugin logs as Maven does.
    warning: /\] WARN |^Warning:|^\[WARNING\] /,
    unavoidable: [
      {
        text: /Failed to get the schema name: null/,
        why: 'for Python, its normalizer warns although it is disabled'
      },
      { text: /From \(reserved word\)/, why: 'for Python, it takes the parameter `from` for a model' },
      { text: /Ignoring complex example on request body/, why: 'in Java, it uses no example of an object' }
    ]
  },
  'openapi-python-client': { warning: /\bwarning\b|unable to parse/i, unavoidable: [] },
  'oapi-codegen': { warning: /\bwarning\b/i, unavoidable: [] }
} as const satisfies Record<string, Generator>

export type GeneratorName = keyof typeof GENERATORS

/** The warnings in the output of a generator: those that count, and how many others there were. */
export function warningsIn(
  name: GeneratorName,
  output: string
): { avoidable: string[]; unavoidable: number } {
  const { warning, unavoidable }: Generator = GENERATORS[name]
  const warnings = output.split('\n').filter((line) => warning.test(line))
  const avoidable = warnings.filter((line) => !unavoidable.some(({ text }) => text.test(line)))
  return { avoidable, unavoidable: warnings.length - avoidable.length }
}
