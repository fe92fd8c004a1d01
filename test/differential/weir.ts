import type { Engine } from '../../src/engine.ts'
import { EngineError } from '../../src/errors.ts'
import { fieldsJson, id, shown } from '../conformance/fixtures.ts'
import type { Operation } from './operation.ts'

/** Members of requests that are ids, and those that are lists of them. */
const IDS = new Set(['id', 'ids', 'from', 'to', 'after', 'minId', 'lastId', 'maxDeletedId'])

/** Does an operation and gives its answer, or what it was refused with, as it can be written down. */
export async function runOnWeir(engine: Engine, operation: Operation): Promise<unknown> {
  const { kind, ...request } = operation
  const call = engine[kind] as (request: unknown, signal: AbortSignal) => Promise<unknown>
  try {
    const answer = await call.call(engine, read(request, ''), new AbortController().signal)
    return shown(kind === 'readGroups' ? { streams: (answer as { streams: unknown }).streams } : answer)
  } catch (error) {
    if (error instanceof EngineError) return { refused: error.code }
    throw error
  }
}

/** The request that is written down. */
function read(value: unknown, name: string): unknown {
  if (name === 'fields') return fieldsJson(value as Record<string, string>)
  if (name === 'idMs') return BigInt(value as string)
  if (typeof value === 'string') return IDS.has(name) && value !== 'last' ? id(value) : value
  if (Array.isArray(value)) return value.map((one) => read(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, read(member, key)]))
}
