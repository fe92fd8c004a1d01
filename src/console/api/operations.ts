import { isDotSegment } from '../routes.ts'
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
import { Refusal, request } from './client.ts'

/* The operations that the console uses, under their names in the API. */

type Signal = AbortSignal | undefined

/**
 * Encodes a name as a path segment. Replaces characters that UTF-8 cannot encode. Throws for a dot segment, because the
 * browser would resolve it and request another path.
 */
function segment(text: string): string {
  if (!isDotSegment(text)) return encodeURIComponent(text.toWellFormed())
  const detail = `A browser cannot request the name “${text}”, because it means a directory in a URL`
  throw new Refusal(400, { code: 'invalid-request', detail, sideEffects: 'none' })
}
const streamPath = (stream: string) => `v1/streams/${segment(stream)}`
const abortable = (signal: Signal) => (signal === undefined ? {} : { signal })

/** Builds a query string. Leaves out parameters that are undefined or empty. */
function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, `${value}`]))}`
}

/** Returns all streams whose names start with the prefix, however many pages that takes. */
export async function listStreams(prefix: string, signal?: AbortSignal): Promise<StreamSummary[]> {
  const streams: StreamSummary[] = []
  let cursor: string | undefined
  do {
    const path = `v1/streams${query({ prefix, limit: 1000, cursor })}`
    const page = await request<{ streams: StreamSummary[]; cursor?: string }>('GET', path, abortable(signal))
    streams.push(...page.streams)
    cursor = page.cursor
  } while (cursor !== undefined)
  return streams
}

export function getStream(stream: string, signal?: AbortSignal): Promise<Stream> {
  return request('GET', streamPath(stream), abortable(signal))
}

export function deleteStream(stream: string, options: { keepalive?: boolean } = {}): Promise<unknown> {
  return request('DELETE', streamPath(stream), options)
}

export async function appendEntries(
  stream: string,
  entries: readonly { id?: string; fields: Record<string, string> }[],
  createStream = true
): Promise<string[]> {
  return (
    await request<{ ids: string[] }>('POST', `${streamPath(stream)}/entries`, {
      body: { entries, createStream }
    })
  ).ids
}

export interface Range {
  readonly before?: string
  readonly after?: string
  readonly order?: 'asc' | 'desc'
  readonly limit?: number
}

export function listEntries(stream: string, range: Range, signal?: AbortSignal): Promise<EntryPage> {
  return request('GET', `${entriesPath(stream)}${query({ ...range })}`, abortable(signal))
}

export function groupPath(stream: string, group: string): string {
  return `${streamPath(stream)}/groups/${segment(group)}`
}

export function entriesPath(stream: string): string {
  return `${streamPath(stream)}/entries`
}

export function tailPath(stream: string, after: string): string {
  return `${streamPath(stream)}/tail${query({ after })}`
}

export function getEntry(stream: string, id: string, signal?: AbortSignal): Promise<Entry> {
  return request('GET', `${entriesPath(stream)}/${segment(id)}`, abortable(signal))
}

export async function trimStream(
  stream: string,
  trim: { maxLength?: number; minId?: string; approximate?: boolean }
): Promise<number> {
  return (await request<{ trimmed: number }>('POST', `${streamPath(stream)}/trim`, { body: trim })).trimmed
}

/** The console shows at most one page of groups or consumers, the largest that the API returns. */
const ONE_PAGE = query({ limit: 1000 })

/** Returns the first page of a stream's groups. A `cursor` means that there are more. */
export function listGroups(
  stream: string,
  signal?: AbortSignal
): Promise<{ groups: Group[]; cursor?: string }> {
  return request('GET', `${streamPath(stream)}/groups${ONE_PAGE}`, abortable(signal))
}

export function getGroup(stream: string, group: string, signal?: AbortSignal): Promise<Group> {
  return request('GET', groupPath(stream, group), abortable(signal))
}

export function ensureGroup(
  stream: string,
  group: string,
  options: { after?: string; createStream?: boolean } = {}
): Promise<Group> {
  return request('PUT', groupPath(stream, group), { body: options })
}

export function updateGroup(stream: string, group: string, after: string): Promise<Group> {
  return request('PATCH', groupPath(stream, group), { body: { after } })
}

export function deleteGroup(stream: string, group: string, pending: 'refuse' | 'drop'): Promise<unknown> {
  return request('DELETE', `${groupPath(stream, group)}${query({ pending })}`)
}

export interface ReadGroup {
  readonly consumer: string
  readonly count: number
  readonly claimIdleMs?: number
  /** If given, returns the consumer's own pending entries after this id instead of new ones. */
  readonly after?: string
}

export async function readGroup(
  stream: string,
  group: string,
  body: ReadGroup,
  signal?: AbortSignal
): Promise<DeliveredEntry[]> {
  const path = `${groupPath(stream, group)}/read`
  return (await request<{ entries: DeliveredEntry[] }>('POST', path, { body, ...abortable(signal) })).entries
}

export async function ack(
  stream: string,
  group: string,
  body: { ids: readonly string[]; consumer?: string }
): Promise<{ acked: number; notPending: string[] }> {
  return request('POST', `${groupPath(stream, group)}/ack`, { body })
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
  return (await request<{ pending: PendingEntry[] }>('GET', path, abortable(signal))).pending
}

export async function claim(
  stream: string,
  group: string,
  body: { consumer: string; ids: readonly string[]; minIdleMs?: number; justIds?: boolean }
): Promise<DeliveredEntry[]> {
  const path = `${groupPath(stream, group)}/claim`
  return (await request<{ entries: DeliveredEntry[] }>('POST', path, { body })).entries
}

/** Returns the first page of a group's consumers. A `cursor` means that there are more. */
export function listConsumers(
  stream: string,
  group: string,
  signal?: AbortSignal
): Promise<{ consumers: Consumer[]; cursor?: string }> {
  return request('GET', `${groupPath(stream, group)}/consumers${ONE_PAGE}`, abortable(signal))
}

/** Returns how many pending entries were dropped with the consumer. */
export async function deleteConsumer(
  stream: string,
  group: string,
  consumer: string,
  pending: 'refuse' | 'drop'
): Promise<number> {
  const path = `${groupPath(stream, group)}/consumers/${segment(consumer)}${query({ pending })}`
  return (await request<{ pending: number }>('DELETE', path)).pending
}
