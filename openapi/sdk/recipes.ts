import { readFileSync } from 'node:fs'

const PAGE = new URL('../../docs/clients.md', import.meta.url)

export const STEPS = ['generate', 'build', 'run'] as const
export type Step = (typeof STEPS)[number]

/** The commands of a section of docs/clients.md: what its fenced blocks `sh generate`, `sh build` and `sh run` contain. */
export type Recipe = Readonly<Partial<Record<Step, string>>>

/** The commands below a heading of docs/clients.md, up to the next heading of the same or a higher level. */
export function recipeOf(title: string, page = readFileSync(PAGE, 'utf8')): Recipe {
  const lines = page.split('\n')
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === title)
  if (from < 0) throw new Error(`docs/clients.md has no section "${title}"`)
  const level = lines[from]?.indexOf(' ') ?? 0
  const recipe: Partial<Record<Step, string>> = {}
  let step: Step | undefined
  for (const line of lines.slice(from + 1)) {
    if (step !== undefined) {
      if (line === '```') step = undefined
      else recipe[step] = `${recipe[step] ?? ''}${line}\n`
    } else if (/^#+ /.test(line) && line.indexOf(' ') <= level) break
    else step = STEPS.find((name) => line === `\`\`\`sh ${name}`)
  }
  return recipe
}
