import { fetchGenerator, make, missingPrograms, sentenceOf } from './make.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { keepOutcomes, type Outcome, readFound, readOutcomes } from './outcome.ts'
import { runSuite } from './suite.ts'
import { tableOf } from './table.ts'

// Commands end with this process, see command.ts.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(HELP)
    return 0
  }
  const { names, makes, runs, vitest } = options
  const missing = missingPrograms(names).map(sentenceOf)
  for (const sentence of missing) console.error(sentence)
  if (missing.length > 0 && process.env['CI']) return 1
  if (makes) keepOutcomes(await makeAll(options))
  const outcomes = outcomesOf(options)
  // A worker that was not built fails by its outcome. Its tests would only wait for it.
  const workers = outcomes.filter(({ isCompiled }) => isCompiled).map(({ language }) => language)
  const hasPassed = !runs || workers.length === 0 || (await runSuite(workers, vitest))
  console.log(`\n${tableOf(outcomes, runs ? readFound() : { runs: {}, story: {} })}\n`)
  const failures = outcomes.flatMap(({ language, failures }) =>
    failures.map((text) => `${language}: ${text}`)
  )
  for (const failure of failures) console.log(failure)
  if (!hasPassed) console.log('The suite test/clients failed.')
  return failures.length === 0 && hasPassed ? 0 : 1
}

/** Makes the clients one after the other: compilers use all processors. */
async function makeAll({ names, builds }: Options): Promise<Outcome[]> {
  const faults = await fetchGenerator(names)
  for (const fault of faults) console.error(fault)
  const outcomes: Outcome[] = []
  for (const name of names) outcomes.push(await make(name, { builds }))
  return outcomes
}

/** The outcomes of these languages, in their order. A language without one was never made. */
function outcomesOf({ names }: Options): Outcome[] {
  const known = readOutcomes()
  return names.map(
    (name) =>
      known.find(({ language }) => language === name) ?? {
        language: name,
        lines: 0,
        types: 0,
        warnings: 0,
        isCompiled: false,
        failures: ['it was never generated: run npm run sdk without --run-only']
      }
  )
}
