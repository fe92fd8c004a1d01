import type { AppendEntry, AppendRequest, Trim } from '../engine.ts'
import { type EntryId, formatId } from '../entry-id.ts'
import { EngineError } from '../errors.ts'
import type { Calls } from './calls.ts'
import { isErrorReply } from './client.ts'
import { fieldArgs } from './fields.ts'
import * as replies from './replies.ts'
import { APPEND } from './scripts/append.ts'

/** A script can name no more arguments than about 8000 in one command. */
const MAX_ARGS = 7900

/** How often an id may become free between Redis' refusal and the look at its reason. */
const MAX_TRIES = 3

/** Appends all entries or none. Rejects: stream-not-found, stream-conflict, id-not-greater, ids-exhausted. */
export async function appendEntries(calls: Calls, request: AppendRequest): Promise<EntryId[]> {
  const [first, ...others] = request.entries
  if (first !== undefined && others.length === 0) return [await appendOne(calls, request, first)]
  const args = request.entries.flatMap((entry, index) => {
    const fields = fieldArgs(entry.fields)
    if (fields.length <= MAX_ARGS) return [idArg(entry), String(fields.length), ...fields]
    throw new EngineError(
      'invalid-request',
      `An entry of ${fields.length / 2} fields must be appended alone`,
      {
        pointer: `/entries/${index}/fields`
      }
    )
  })
  return replies.ids(await calls.script(APPEND, subjectOf(request), [...optionsOf(request, false), ...args]))
}

/** Redis' own command is one change already, and half the work of a script. */
async function appendOne(calls: Calls, request: AppendRequest, entry: AppendEntry): Promise<EntryId> {
  const { createStream, trim } = request
  const options = [...(createStream ? [] : ['NOMKSTREAM']), ...trimArgs(trim)]
  for (let tries = 1; ; tries++) {
    try {
      const args = [...options, idArg(entry), ...fieldArgs(entry.fields)]
      const id = await calls.command('XADD', subjectOf(request), args, false)
      if (id !== null) return replies.id(id)
      throw new EngineError('stream-not-found', `There is no stream "${request.stream}"`)
    } catch (error) {
      if (!isErrorReply(error) || tries === MAX_TRIES) throw error
      // Why, Redis says in a sentence only. The script says it, or that an id has become free since.
      const look = [...optionsOf(request, true), idArg(entry), '0']
      await calls.script(APPEND, subjectOf(request), look)
    }
  }
}

function subjectOf({ stream }: AppendRequest) {
  return { stream, isMaking: true }
}

function optionsOf({ createStream, trim }: AppendRequest, isLook: boolean): string[] {
  const args = trimArgs(trim)
  return [createStream ? '1' : '0', isLook ? '1' : '0', String(args.length), ...args]
}

function idArg({ id, idMs }: AppendEntry): string {
  if (id !== undefined) return formatId(id)
  return idMs === undefined ? '*' : `${idMs}-*`
}

/** Without a limit of its own, Redis would stop an approximate trim after 10,000 entries. */
export function trimArgs(trim: Trim | undefined): string[] {
  if (trim === undefined) return []
  const { maxLength, minId, approximate, limit = 0 } = trim
  const threshold = minId === undefined ? ['MAXLEN', String(maxLength ?? 0)] : ['MINID', formatId(minId)]
  const [strategy = '', value = ''] = threshold
  return approximate ? [strategy, '~', value, 'LIMIT', String(limit)] : [strategy, '=', value]
}
