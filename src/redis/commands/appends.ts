import type { AppendEntry, AppendRequest } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import { streamNotFound } from '../../semantics/refusals.ts'
import { isErrorReply } from '../connection/client.ts'
import { isRefused } from '../connection/redis-errors.ts'
import { APPEND } from '../scripts/generated.ts'
import { fieldArgs } from './fields.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'
import { goOnTrimming, trimStep } from './trims.ts'

/** A script can name no more arguments than about 8000 in one command. */
const MAX_ARGS = 7900

/** How often an id may become free between Redis' refusal and the look at its reason. */
const MAX_TRIES = 3

/** Appends all entries or none. Rejects: stream-not-found, stream-conflict, id-not-greater, ids-exhausted. */
export async function appendEntries(commands: StreamCommands, request: AppendRequest): Promise<EntryId[]> {
  const { stream, trim } = request
  const [first, ...others] = request.entries
  if (first !== undefined && others.length === 0 && trim === undefined) {
    return [await appendOne(commands, request, first)]
  }
  const entries = request.entries.flatMap((entry, index) => {
    const fields = fieldArgs(entry.fields)
    if (fields.length <= MAX_ARGS) return [idArg(entry), String(fields.length), ...fields]
    throw new EngineError(
      'invalid-request',
      `An entry with ${fields.length / 2} fields must be appended alone`,
      {
        pointer: `/entries/${index}/fields`
      }
    )
  })
  const args = { ...optionsOf(request), isLook: false, entries }
  const [ids, removed, more] = replies.list(await commands.script(APPEND, subjectOf(request), args))
  // The entries are there. What could not be removed is removed by a later trim.
  if (trim !== undefined && more !== null) {
    await goOnTrimming(commands, stream, trim, replies.count(removed)).catch(ignoreRefusal)
  }
  return replies.ids(ids)
}

function ignoreRefusal(error: unknown): void {
  if (!isRefused(error)) throw error
}

/** Redis' own command is one change already, and half the work of a script. */
async function appendOne(
  commands: StreamCommands,
  request: AppendRequest,
  entry: AppendEntry
): Promise<EntryId> {
  const options = request.createStream ? [] : ['NOMKSTREAM']
  for (let tries = 1; ; tries++) {
    try {
      const args = [...options, idArg(entry), ...fieldArgs(entry.fields)]
      const id = await commands.command('XADD', subjectOf(request), args, false)
      if (id !== null) return replies.id(id)
      throw streamNotFound(request.stream)
    } catch (error) {
      if (!isErrorReply(error) || tries === MAX_TRIES) throw error
      // Why, Redis says in a sentence only. The script says it, or that an id has become free since.
      const look = { ...optionsOf(request), isLook: true, entries: [idArg(entry), '0'] }
      await commands.script(APPEND, subjectOf(request), look)
    }
  }
}

function subjectOf({ stream }: AppendRequest) {
  return { stream, isMaking: true }
}

function optionsOf({ createStream, trim }: AppendRequest) {
  return { createStream, isExact: false, ...(trim && trimStep(trim)) }
}

function idArg({ id, idMs }: AppendEntry): string {
  if (id !== undefined) return formatId(id)
  return idMs === undefined ? '*' : `${idMs}-*`
}
