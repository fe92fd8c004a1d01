import type { DeleteEntriesAnswer } from '../../contract/entries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { Created, StreamRef } from '../../contract/refs.ts'
import type { SetStreamIdRequest, StreamDescription, StreamInfo } from '../../contract/streams.ts'
import { ANSWER_BYTES } from '../../semantics/answer-size.ts'
import { streamExists } from '../../semantics/refusals.ts'
import * as scripts from '../scripts/generated.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** How many entries, groups, consumers and pending entries a description holds in total. */
const DESCRIPTION_ITEMS = 5000

/** The operations on one stream, except those that append, read or trim, or concern its groups. */
export class Streams {
  readonly #commands: StreamCommands
  readonly #miscounts: () => boolean

  /** `miscounts`: whether a server miscounts (see `Capabilities`). */
  constructor(commands: StreamCommands, miscounts: () => boolean) {
    this.#commands = commands
    this.#miscounts = miscounts
  }

  async ensureStream(request: StreamRef & { readonly onlyNew: boolean }): Promise<StreamInfo & Created> {
    const { stream, onlyNew } = request
    const subject = { stream, isCreating: true }
    const created = (await this.#commands.script(scripts.ENSURE_STREAM, subject, {})) === 1
    if (onlyNew && !created) throw streamExists(stream)
    return { created, ...(await this.getStream(request)) }
  }

  async getStream({ stream }: StreamRef): Promise<StreamInfo> {
    return replies.streamInfo(stream, await this.#commands.script(scripts.STREAM, { stream }, {}))
  }

  async describeStream(request: StreamRef & { readonly limit: number }): Promise<StreamDescription> {
    const { stream, limit } = request
    const args = { limit, maxItems: DESCRIPTION_ITEMS, maxBytes: ANSWER_BYTES }
    const reply = await this.#commands.script(scripts.DESCRIBE, { stream }, args)
    return replies.streamDescription(stream, reply, limit, this.#miscounts())
  }

  async setStreamId(request: SetStreamIdRequest): Promise<StreamInfo> {
    const { stream, lastId, entriesAdded, maxDeletedId = 0n } = request
    const args = {
      lastId: formatId(lastId),
      entriesAdded,
      maxDeletedId: maxDeletedId === 0n ? undefined : formatId(maxDeletedId)
    }
    await this.#commands.script(scripts.SET_STREAM_ID, { stream }, args)
    return this.getStream(request)
  }

  async deleteEntries(
    request: StreamRef & { readonly ids: readonly EntryId[] }
  ): Promise<DeleteEntriesAnswer> {
    const { stream, ids } = request
    const args = { ids: [...new Set(ids.map(formatId))] }
    const reply = await this.#commands.script(scripts.DELETE_ENTRIES, { stream }, args)
    const [deleted, notFound] = replies.list(reply)
    return { deleted: replies.count(deleted), notFound: replies.ids(notFound) }
  }

  async deleteStream({ stream }: StreamRef): Promise<void> {
    await this.#commands.script(scripts.DELETE_STREAM, { stream }, {})
  }
}
