import { StreamPatterns } from './stream-patterns.ts'

/**
 * What a token can allow, on the streams that a pattern matches:
 *
 * - `append`: append entries
 * - `read`: read entries, and inspect groups
 * - `consume`: read, ack, nack and extend as a consumer of a group, which includes `read`
 * - `manage`: create, move, trim and delete streams and groups, set delivery policies, and redrive dead entries
 * - `admin`: everything
 * - `metrics`: read the metrics, which are about the whole server, so it has no pattern
 */
export const SCOPES = ['append', 'read', 'consume', 'manage', 'admin', 'metrics'] as const
export type Scope = (typeof SCOPES)[number]

/** The scopes that allow a scope: itself, and those that include it. */
const INCLUDED_IN: Readonly<Record<Scope, readonly Scope[]>> = {
  append: ['append', 'admin'],
  read: ['read', 'consume', 'admin'],
  consume: ['consume', 'admin'],
  manage: ['manage', 'admin'],
  admin: ['admin'],
  metrics: ['metrics', 'admin']
}

/** A scope and the streams that it applies to: `consume:orders*`. Without a pattern it applies to all. */
export interface Grant {
  readonly scope: Scope
  readonly pattern: string
}

const ALL = '*'

/** Returns null for an invalid grant. */
export function parseGrant(text: string): Grant | null {
  const [, name, pattern = ALL] = /^([a-z]+)(?::(.+))?$/su.exec(text) ?? []
  const scope = SCOPES.find((known) => known === name)
  if (scope === undefined || (scope === 'metrics' && pattern !== ALL)) return null
  return { scope, pattern }
}

/** What a token allows. */
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

  /** The streams on which a scope is allowed. */
  streams(scope: Scope): StreamPatterns {
    return this.#streams[scope]
  }

  allows(scope: Scope, stream: string): boolean {
    return this.#streams[scope].matches(stream)
  }

  /** Whether a scope is allowed on any stream. `metrics` concerns the whole server, so it must be on all. */
  allowsSomewhere(scope: Scope): boolean {
    const streams = this.#streams[scope]
    return scope === 'metrics' ? streams.matchesAll : !streams.isEmpty
  }
}
