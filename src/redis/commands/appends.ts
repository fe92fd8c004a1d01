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
import { continueTrim, trimStep } from './trims.ts'

/** Lua limits a command in a script to about 8000 arguments. */
const MAX_ARGS = 7900

/** How often to try an append if the dry run cannot explain Redis' refusal: the id may have become free meanwhile. */
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
  const args = { ...optionsOf(request), isDryRun: false, entries }
  const [ids, removed, more] = replies.list(await commands.script(APPEND, subjectOf(request), args))
  // The entries are stored, so the append succeeds even if the trim does not finish. A later trim removes the rest.
  if (trim !== undefined && more !== null) {
    await continueTrim(commands, stream, trim, replies.count(removed)).catch(ignoreRefusal)
  }
  return replies.ids(ids)
}

function ignoreRefusal(error: unknown): void {
  if (!isRefused(error)) throw error
}

/** Appends one entry with XADD, which is atomic by itself and costs Redis half as much as a script. */
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
      // Redis names the reason only in prose. The script returns its code, or succeeds if the id is free by now.
      const dryRun = { ...optionsOf(request), isDryRun: true, entries: [idArg(entry), '0'] }
      await commands.script(APPEND, subjectOf(request), dryRun)
    }
  }
}

function subjectOf({ stream }: AppendRequest) {
  return { stream, isCreating: true }
}

function optionsOf({ createStream, trim }: AppendRequest) {
  return { createStream, isExact: false, ...(trim && trimStep(trim)) }
}

function idArg({ id, idMs }: AppendEntry): string {
  if (id !== undefined) return formatId(id)
  return idMs === undefined ? '*' : `${idMs}-*`
}
