import { existsSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import document from '../openapi.json' with { type: 'json' }
import { runCommands } from './command.ts'
import { warningsIn } from './generators.ts'
import { LANGUAGES, type Language, type LanguageName, PROGRAMS, type Program } from './languages.ts'
import { faultsOfNames, faultsOfSources } from './names.ts'
import type { Outcome } from './outcome.ts'
import { type Recipe, recipeOf } from './recipes.ts'
import { readSources, sourcesIn } from './sources.ts'

export const EXAMPLES = new URL('../examples/', import.meta.url)

/** The programs of these languages that are not on the PATH. */
export function missingPrograms(names: readonly LanguageName[]): Program[] {
  const needed = new Set<Program>(names.flatMap((name) => [...LANGUAGES[name].programs]))
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  return [...needed].filter((program) => !directories.some((path) => existsSync(join(path, program))))
}

/** A sentence about each missing program. */
export function sentenceOf(program: Program): string {
  return `${program} is missing (Debian: ${PROGRAMS[program]})`
}

/** Runs the commands that fetch OpenAPI Generator, which several languages share. Returns what failed. */
export async function fetchGenerator(names: readonly LanguageName[]): Promise<string[]> {
  if (!names.some((name) => LANGUAGES[name].generator === 'openapi-generator')) return []
  const { ok } = await step('OpenAPI Generator', 'generate', recipeOf('OpenAPI Generator'), EXAMPLES)
  return ok ? [] : ['OpenAPI Generator could not be fetched']
}

/** Generates the client of a language as docs/clients.md says, measures it, and builds its worker. */
export async function make(name: LanguageName, options: { builds: boolean }): Promise<Outcome> {
  const language: Language = LANGUAGES[name]
  const failed = (...failures: string[]): Outcome => ({
    language: name,
    lines: 0,
    types: 0,
    warnings: 0,
    isCompiled: false,
    failures
  })
  const missing = missingPrograms([name])
  if (missing.length > 0) return failed(...missing.map(sentenceOf))
  const recipe = recipeOf(language.title)
  if (recipe.generate === undefined && language.generator !== 'none') {
    return failed(`docs/clients.md has no "sh generate" for ${language.title}`)
  }
  const directory = new URL(`${language.directory}/`, EXAMPLES)
  await mkdir(directory, { recursive: true })
  const generated = fileURLToPath(new URL(language.generated, directory))
  // A file of an earlier document would hide that the new one no longer has it.
  rmSync(generated, { recursive: true, force: true })
  const generation = await step(name, 'generate', recipe, directory)
  if (!generation.ok) return failed('its client was not generated')
  const { lines, types } = sourcesIn(generated)
  const { avoidable, unavoidable } = warningsIn(language.generator, generation.output)
  const failures = [
    ...(lines === 0 && language.generator !== 'none'
      ? [`nothing was generated in ${language.generated}`]
      : []),
    ...avoidable.map((line) => `warning of the generator: ${line.trim()}`),
    ...faultsOfNames(name, types),
    ...faultsOfSources(name, readSources(generated), document)
  ]
  const build = options.builds ? await step(name, 'build', recipe, directory) : { ok: false }
  if (options.builds && !build.ok) failures.push('its worker was not compiled')
  if (language.hasWorker && recipe.run === undefined) {
    failures.push(`docs/clients.md has no "sh run" for ${language.title}`)
  }
  return {
    language: name,
    lines,
    types: types.length,
    warnings: avoidable.length + unavoidable,
    isCompiled: build.ok && language.hasWorker,
    failures
  }
}

/** Runs a step of a recipe, if it has it, and reports how long that took. Shows the output of a step that failed. */
async function step(name: string, step: 'generate' | 'build', recipe: Recipe, directory: URL) {
  const commands = recipe[step]
  if (commands === undefined) return { ok: true, output: '' }
  process.stderr.write(`${name}: ${step} … `)
  const { ok, output, seconds } = await runCommands(commands, directory)
  process.stderr.write(`${ok ? 'done' : 'FAILED'} in ${seconds.toFixed(1)} s\n`)
  if (!ok) process.stderr.write(`${commands}${output}\n`)
  return { ok, output }
}
