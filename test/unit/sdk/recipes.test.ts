import { describe, expect, it } from 'vitest'
import { LANGUAGE_NAMES, LANGUAGES } from '../../../openapi/sdk/languages.ts'
import { recipeOf } from '../../../openapi/sdk/recipes.ts'

const PAGE = `# Clients

## Go

Text.

\`\`\`sh generate
go run generator
# not a heading
\`\`\`

### Notes

\`\`\`sh run
./worker
\`\`\`

## Rust

\`\`\`sh
cargo run
\`\`\`

\`\`\`sh build
cargo build
\`\`\`
`

describe('the commands of a section', () => {
  it('are those in its blocks, also below smaller headings', () => {
    const generate = 'go run generator\n# not a heading\n'
    expect(recipeOf('Go', PAGE)).toEqual({ generate, run: './worker\n' })
  })

  it('are only those of blocks with the name of a step', () => {
    expect(recipeOf('Rust', PAGE)).toEqual({ build: 'cargo build\n' })
  })

  it('are not found under a heading that does not exist', () => {
    expect(() => recipeOf('Java', PAGE)).toThrow('docs/clients.md has no section "Java"')
  })

  it.each(LANGUAGE_NAMES)('generate a client in %s, and start its worker with one line', (name) => {
    const { title, generator, hasWorker } = LANGUAGES[name]
    const { generate, run } = recipeOf(title)
    if (generator !== 'none') expect(generate).toBeDefined()
    if (hasWorker) expect(run).toMatch(/^\S.*\n$/)
  })
})
