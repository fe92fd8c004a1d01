import { isFolder } from '../routes.ts'
import type {
  Consumer,
  DeliveredEntry,
  Entry,
  EntryPage,
  Group,
  PendingEntry,
  Stream,
  StreamSummary
} from './answers.ts'
import { ask, Refusal } from './client.ts'

/* The operations that the console uses, each named as the API names it. */

type Signal = AbortSignal | undefined

/**
 * A text as a part of a path. What is no text in UTF-8 is replaced. Throws for a name that would make it the path of
 * something else.
 */
function part(text: string): string {
  if (!isFolder(text)) return encodeURIComponent(text.toWellFormed())
  const detail = `No browser can ask for “${text}”: in an address it means a folder`
  throw new Refusal(400, { code: 'invalid-request', detail, sideEffects: 'none' })
}
const streamPath = (stream: string) => `v1/streams/${part(stream)}`
const abortable = (signal: Signal) => (signal === undefined ? {} : { signal })

/** A query string out of what is given. */
function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, `${value}`]))}`
}

/** All streams whose name begins so, page after page. */
export async function listStreams(prefix: string, signal?: AbortSignal): Promise<StreamSummary[]> {
  const streams: StreamSummary[] = []
  let cursor: string | undefined
  do {
    const path = `v1/streams${query({ prefix, limit: 1000, cursor })}`
    const page = await ask<{ streams: StreamSummary[]; cursor?: string }>('GET', path, abortable(signal))
    streams.push(...page.streams)
    cursor = page.cursor
  } while (cursor !== undefined)
  return streams
}

export function getStream(stream: string, signal?: AbortSignal): Promise<Stream> {
  return ask('GET', streamPath(stream), abortable(signal))
}

export function deleteStream(stream: string, options: { keepalive?: boolean } = {}): Promise<unknown> {
  return ask('DELETE', streamPath(stream), options)
}

export async function appendEntries(
  stream: string,
  entries: readonly { id?: string; fields: Record<string, string> }[],
  createStream = true
): Promise<string[]> {
  return (
    await ask<{ ids: string[] }>('POST', `${streamPath(stream)}/entries`, { body: { entries, createStream } })
  ).ids
}

export interface Range {
  readonly before?: string
  readonly after?: string
  readonly order?: 'asc' | 'desc'
  readonly limit?: number
}

export function listEntries(stream: string, range: Range, signal?: AbortSignal): Promise<EntryPage> {
  return ask('GET', `${entriesPath(stream)}${query({ ...range })}`, abortable(signal))
}

export function groupPath(stream: string, group: string): string {
  return `${streamPath(stream)}/groups/${part(group)}`
}

export function entriesPath(stream: string): string {
  return `${streamPath(stream)}/entries`
}

export function tailPath(stream: string, after: string): string {
  return `${streamPath(stream)}/tail${query({ after })}`
}

export function getEntry(stream: string, id: string, signal?: AbortSignal): Promise<Entry> {
  return ask('GET', `${entriesPath(stream)}/${part(id)}`, abortable(signal))
}

export async function trimStream(
  stream: string,
  trim: { maxLength?: number; minId?: string; approximate?: boolean }
): Promise<number> {
  return (await ask<{ trimmed: number }>('POST', `${streamPath(stream)}/trim`, { body: trim })).trimmed
}

/** The page shows no more groups or consumers than one request can ask for. */
const ONE_PAGE = query({ limit: 1000 })

/** The first groups of a stream: all of them unless there is a `cursor`. */
export function listGroups(
  stream: string,
  signal?: AbortSignal
): Promise<{ groups: Group[]; cursor?: string }> {
  return ask('GET', `${streamPath(stream)}/groups${ONE_PAGE}`, abortable(signal))
}

export function getGroup(stream: string, group: string, signal?: AbortSignal): Promise<Group> {
  return ask('GET', groupPath(stream, group), abortable(signal))
}

export function ensureGroup(
  stream: string,
  group: string,
  options: { after?: string; createStream?: boolean } = {}
): Promise<Group> {
  return ask('PUT', groupPath(stream, group), { body: options })
}

export function updateGroup(stream: string, group: string, after: string): Promise<Group> {
  return ask('PATCH', groupPath(stream, group), { body: { after } })
}

export function deleteGroup(stream: string, group: string, pending: 'refuse' | 'drop'): Promise<unknown> {
  return ask('DELETE', `${groupPath(stream, group)}${query({ pending })}`)
}

export interface ReadGroup {
  readonly consumer: string
  readonly count: number
  readonly claimIdleMs?: number
  /** With it, what the consumer has pending behind this id. */
  readonly after?: string
}

export async function readGroup(
  stream: string,
  group: string,
  body: ReadGroup,
  signal?: AbortSignal
): Promise<DeliveredEntry[]> {
  const path = `${groupPath(stream, group)}/read`
  return (await ask<{ entries: DeliveredEntry[] }>('POST', path, { body, ...abortable(signal) })).entries
}

export async function ack(
  stream: string,
  group: string,
  body: { ids: readonly string[]; consumer?: string }
): Promise<{ acked: number; notPending: string[] }> {
  return ask('POST', `${groupPath(stream, group)}/ack`, { body })
}

export interface PendingQuery {
  readonly after?: string
  readonly consumer?: string
  readonly minIdleMs?: number
  readonly limit?: number
}

export async function listPending(
  stream: string,
  group: string,
  wanted: PendingQuery,
  signal?: AbortSignal
): Promise<PendingEntry[]> {
  const path = `${groupPath(stream, group)}/pending${query({ ...wanted })}`
  return (await ask<{ pending: PendingEntry[] }>('GET', path, abortable(signal))).pending
}

export async function claim(
  stream: string,
  group: string,
  body: { consumer: string; ids: readonly string[]; minIdleMs?: number; justIds?: boolean }
): Promise<DeliveredEntry[]> {
  const path = `${groupPath(stream, group)}/claim`
  return (await ask<{ entries: DeliveredEntry[] }>('POST', path, { body })).entries
}

/** The first consumers of a group: all of them unless there is a `cursor`. */
export function listConsumers(
  stream: string,
  group: string,
  signal?: AbortSignal
): Promise<{ consumers: Consumer[]; cursor?: string }> {
  return ask('GET', `${groupPath(stream, group)}/consumers${ONE_PAGE}`, abortable(signal))
}

/** Gives the number of pending entries that went with it. */
export async function deleteConsumer(
  stream: string,
  group: string,
  consumer: string,
  pending: 'refuse' | 'drop'
): Promise<number> {
  const path = `${groupPath(stream, group)}/consumers/${part(consumer)}${query({ pending })}`
  return (await ask<{ pending: number }>('DELETE', path)).pending
}
