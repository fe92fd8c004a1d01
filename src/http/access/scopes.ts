import { StreamPatterns } from './stream-patterns.ts'

/**
 * What a token may allow, on streams that a pattern names: `append` to them; `read` them, and look at their groups;
 * `consume` as a consumer of their groups, which includes `read`; `manage` them and their groups, that is, make, move,
 * trim and delete; `admin`, which is all of it. `metrics` is of the server as a whole and has no pattern.
 */
export const SCOPES = ['append', 'read', 'consume', 'manage', 'admin', 'metrics'] as const
export type Scope = (typeof SCOPES)[number]

/** What allows a scope: itself, and what includes it. */
const INCLUDED_IN: Readonly<Record<Scope, readonly Scope[]>> = {
  append: ['append', 'admin'],
  read: ['read', 'consume', 'admin'],
  consume: ['consume', 'admin'],
  manage: ['manage', 'admin'],
  admin: ['admin'],
  metrics: ['metrics', 'admin']
}

/** A scope and where it holds: `consume:orders*`. Without a pattern it holds everywhere. */
export interface Grant {
  readonly scope: Scope
  readonly pattern: string
}

const ALL = '*'

/** Null when the text is no grant. */
export function parseGrant(text: string): Grant | null {
  const [, name, pattern = ALL] = /^([a-z]+)(?::(.+))?$/su.exec(text) ?? []
  const scope = SCOPES.find((known) => known === name)
  if (scope === undefined || (scope === 'metrics' && pattern !== ALL)) return null
  return { scope, pattern }
}

/** What somebody may do. */
export class Permissions {
  readonly #streams: Readonly<Record<Scope, StreamPatterns>>

  constructor(grants: readonly Grant[]) {
    const streams = (scope: Scope) =>
      new StreamPatterns(
        grants.filter((grant) => INCLUDED_IN[scope].includes(grant.scope)).map(({ pattern }) => pattern)
      )
    this.#streams = Object.fromEntries(SCOPES.map((scope) => [scope, streams(scope)])) as Record<
      Scope,
      StreamPatterns
    >
  }

  /** Where a scope holds. */
  streams(scope: Scope): StreamPatterns {
    return this.#streams[scope]
  }

  allows(scope: Scope, stream: string): boolean {
    return this.#streams[scope].matches(stream)
  }

  /** Whether a scope holds anywhere; one of the server as a whole must hold everywhere. */
  allowsSomewhere(scope: Scope): boolean {
    const streams = this.#streams[scope]
    return scope === 'metrics' ? streams.matchesAll : !streams.isEmpty
  }
}
