import type { Engine } from '../../../src/contract/engine.ts'
import { Disagreement } from '../mismatch.ts'
import type { Operation } from '../operation.ts'
import { trimOf } from '../redis/entries.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Difference, Run } from './difference.ts'

/*
 * Differences in appends that are refused, or that trim.
 */

/** The name of a stream that no program uses. */
const COPY = 'copy'

/** Removes the entries that a refused append has left. */
export async function appendAll(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'appendEntries' || operation.entries.length === 1) return run(operation)
  const { stream } = operation
  const [existed] = await turn.query(['COPY', stream, COPY])
  try {
    const answer = await run(operation)
    await turn.query(['DEL', COPY])
    return answer
  } catch (refused) {
    await turn.query(existed === 1 ? ['RENAME', COPY, stream] : ['DEL', stream])
    throw refused
  }
}

/** Trims to the entries that Weir has kept. Throws if Weir has removed more than Redis would. */
export function trimAsWeir(): Pick<Difference, 'around' | 'settle'> {
  return {
    around(operation, _turn, run) {
      return run(isLoose(operation) ? withoutTrim(operation) : operation)
    },
    async settle(operation, turn, engine) {
      if (isLoose(operation)) await trimTo(await lengthIn(engine, operation.stream), operation, turn)
    }
  }
}

type LooseAppend = Extract<Operation, { kind: 'appendEntries' }> & { trim: object }

function isLoose(operation: Operation): operation is LooseAppend {
  return operation.kind === 'appendEntries' && operation.trim?.approximate === true
}

function withoutTrim({ trim: _, ...append }: LooseAppend): Operation {
  return append
}

async function lengthIn(engine: Engine, stream: string): Promise<number> {
  return (await engine.getStream({ stream })).length
}

async function trimTo(length: number, { stream, trim }: LooseAppend, turn: RedisTurn): Promise<void> {
  const [full, , max] = await turn.query(
    ['XLEN', stream],
    ['COPY', stream, COPY],
    ['XTRIM', COPY, ...trimOf(trim)],
    ['DEL', COPY]
  )
  const removed = replies.count(full) - length
  if (removed < 0 || removed > replies.count(max)) {
    throw new Disagreement(`Weir has removed ${removed} entries where Redis would remove ${max}`)
  }
  await turn.query(['XTRIM', stream, 'MAXLEN', length])
}
