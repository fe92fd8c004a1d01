import type { LanguageName } from './languages.ts'

/** How OpenAPI Generator spells and declares in a language what the document names. */
interface Spelling {
  /** The method of an operation. */
  operation(operationId: string): string
  /** Where a class declares this method. */
  method(name: string): RegExp
  /** The member of a type. */
  member(name: string): string
  /** Where a type declares this member. */
  declaration(name: string): RegExp
  /** Types that the commands of docs/clients.md name differently, and why. */
  readonly types: Readonly<Record<string, string>>
  /** Members that the commands of docs/clients.md name differently, and why. */
  readonly members: Readonly<Record<string, string>>
}

const same = (name: string) => name
const pascal = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1)
const snake = (name: string) =>
  name.replace(/([a-z\d])([A-Z])/g, (_, before, after) => `${before}_${after.toLowerCase()}`)

export const SPELLINGS: Readonly<Partial<Record<LanguageName, Spelling>>> = {
  java: {
    operation: same,
    method: (name) => new RegExp(`^ {2}public \\w+ ${name}\\(`, 'm'),
    member: (name) => `get${pascal(name)}`,
    declaration: (name) => new RegExp(`^ {2}public [\\w<>, ]+ ${name}\\(\\)`, 'm'),
    types: {},
    members: {}
  },
  kotlin: {
    operation: same,
    method: (name) => new RegExp(`^ {4}fun ${name}\\(`, 'm'),
    member: same,
    declaration: (name) => new RegExp(`^ {4}val ${name}: `, 'm'),
    types: {},
    members: {}
  },
  csharp: {
    operation: (operationId) => `${pascal(operationId)}Async`,
    method: (name) => new RegExp(`^ {8}public async Task<\\w+> ${name}\\(`, 'm'),
    member: pascal,
    declaration: (name) => new RegExp(`^ {8}public [\\w<>?., ]+ ${name} \\{ get`, 'm'),
    types: {},
    members: {}
  },
  php: {
    operation: same,
    method: (name) => new RegExp(`^ {4}public function ${name}\\(`, 'm'),
    member: (name) => `get${pascal(name)}`,
    declaration: (name) => new RegExp(`^ {4}public function ${name}\\(\\)`, 'm'),
    types: {},
    members: {}
  },
  ruby: {
    operation: snake,
    method: (name) => new RegExp(`^ {4}def ${name}\\(`, 'm'),
    member: snake,
    declaration: (name) => new RegExp(`^ {4}attr_accessor :${name}$`, 'm'),
    types: {},
    // It is a keyword.
    members: { next: 'next_id' }
  }
}
