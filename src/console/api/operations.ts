import { isDotSegment } from '../routes.ts'
import type { StreamSummary } from './answers.ts'
import { Refusal, request } from './client.ts'
import type { operations } from './generated.ts'

/* The operations that the console uses, under their names in the API. */

type Operation = keyof operations

/** The JSON of a successful response. The generated types have no other responses. */
export type Answer<O extends Operation> = ContentOf<
  operations[O]['responses'][keyof operations[O]['responses']]
>
/** The JSON body of a request. */
export type Body<O extends Operation> = NonNullable<ContentOf<NonNullable<operations[O]['requestBody']>>>
/** The parameters in the query of a request. */
export type Query<O extends Operation> = NonNullable<operations[O]['parameters']['query']>

type ContentOf<T> = T extends { readonly content: { readonly 'application/json': infer J } } ? J : never

/** What happens to the pending entries of what is deleted. */
type OnPending<O extends 'deleteGroup' | 'deleteConsumer'> = NonNullable<Query<O>['pending']>

export type Signal = AbortSignal | undefined

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
export const abortable = (signal: Signal) => (signal === undefined ? {} : { signal })

/** Builds the query string of an operation. Leaves out parameters that are undefined or empty. */
export function query<O extends Operation>(
  parameters: { [N in keyof Query<O>]: Query<O>[N] | undefined }
): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, `${value}`]))}`
}

/** Returns all streams whose names start with the prefix, however many pages that takes. */
export async function listStreams(prefix: string, signal?: AbortSignal): Promise<StreamSummary[]> {
  const streams: StreamSummary[] = []
  let cursor: string | undefined
  do {
    const path = `v1/streams${query<'listStreams'>({ prefix, limit: 1000, cursor })}`
    const page = await request<Answer<'listStreams'>>('GET', path, abortable(signal))
    streams.push(...page.streams)
    cursor = page.cursor
  } while (cursor !== undefined)
  return streams
}

export function getStream(stream: string, signal?: AbortSignal): Promise<Answer<'getStream'>> {
  return request('GET', streamPath(stream), abortable(signal))
}

export function deleteStream(stream: string, options: { keepalive?: boolean } = {}): Promise<unknown> {
  return request('DELETE', streamPath(stream), options)
}

export async function appendEntries(
  stream: string,
  entries: Body<'appendEntries'>['entries'],
  createStream = true
): Promise<readonly string[]> {
  return (
    await request<Answer<'appendEntries'>>('POST', `${streamPath(stream)}/entries`, {
      body: { entries, createStream } satisfies Body<'appendEntries'>
    })
  ).ids
}

export function listEntries(
  stream: string,
  range: Query<'listEntries'>,
  signal?: AbortSignal
): Promise<Answer<'listEntries'>> {
  return request('GET', `${entriesPath(stream)}${query<'listEntries'>({ ...range })}`, abortable(signal))
}

export function groupPath(stream: string, group: string): string {
  return `${streamPath(stream)}/groups/${segment(group)}`
}

export function entriesPath(stream: string): string {
  return `${streamPath(stream)}/entries`
}

export function tailPath(stream: string, after: string): string {
  return `${streamPath(stream)}/tail${query<'tailEntries'>({ after })}`
}

export function getEntry(stream: string, id: string, signal?: AbortSignal): Promise<Answer<'getEntry'>> {
  return request('GET', `${entriesPath(stream)}/${segment(id)}`, abortable(signal))
}

export async function trimStream(stream: string, body: Body<'trimStream'>): Promise<number> {
  return (await request<Answer<'trimStream'>>('POST', `${streamPath(stream)}/trim`, { body })).trimmed
}

/** The console shows at most one page of groups or consumers, the largest that the API returns. */
const ONE_PAGE = query<'listGroups' | 'listConsumers'>({ limit: 1000 })

/** Returns the first page of a stream's groups. A `cursor` means that there are more. */
export function listGroups(stream: string, signal?: AbortSignal): Promise<Answer<'listGroups'>> {
  return request('GET', `${streamPath(stream)}/groups${ONE_PAGE}`, abortable(signal))
}

export function getGroup(stream: string, group: string, signal?: AbortSignal): Promise<Answer<'getGroup'>> {
  return request('GET', groupPath(stream, group), abortable(signal))
}

export function ensureGroup(
  stream: string,
  group: string,
  body: Body<'ensureGroup'> = {}
): Promise<Answer<'ensureGroup'>> {
  return request('PUT', groupPath(stream, group), { body })
}

/** Creates a group. Rejects with group-exists if there is one with this name. */
export function createGroup(
  stream: string,
  group: string,
  body: Body<'ensureGroup'>
): Promise<Answer<'ensureGroup'>> {
  return request('PUT', groupPath(stream, group), { body, headers: { 'if-none-match': '*' } })
}

export function updateGroup(
  stream: string,
  group: string,
  body: Body<'updateGroup'>
): Promise<Answer<'updateGroup'>> {
  return request('PATCH', groupPath(stream, group), { body })
}

export function deleteGroup(
  stream: string,
  group: string,
  pending: OnPending<'deleteGroup'>
): Promise<unknown> {
  return request('DELETE', `${groupPath(stream, group)}${query<'deleteGroup'>({ pending })}`)
}

export async function readGroup(
  stream: string,
  group: string,
  body: Body<'readGroup'>,
  signal?: AbortSignal
): Promise<Answer<'readGroup'>['entries']> {
  const path = `${groupPath(stream, group)}/read`
  return (await request<Answer<'readGroup'>>('POST', path, { body, ...abortable(signal) })).entries
}

export async function ackEntries(
  stream: string,
  group: string,
  body: Body<'ackEntries'>
): Promise<Answer<'ackEntries'>> {
  return request('POST', `${groupPath(stream, group)}/ack`, { body })
}

export async function listPending(
  stream: string,
  group: string,
  wanted: Query<'listPending'>,
  signal?: AbortSignal
): Promise<Answer<'listPending'>['pending']> {
  const path = `${groupPath(stream, group)}/pending${query<'listPending'>({ ...wanted })}`
  return (await request<Answer<'listPending'>>('GET', path, abortable(signal))).pending
}

export async function claimEntries(
  stream: string,
  group: string,
  body: Body<'claimEntries'>
): Promise<Answer<'claimEntries'>['entries']> {
  const path = `${groupPath(stream, group)}/claim`
  return (await request<Answer<'claimEntries'>>('POST', path, { body })).entries
}

/** Returns the first page of a group's consumers. A `cursor` means that there are more. */
export function listConsumers(
  stream: string,
  group: string,
  signal?: AbortSignal
): Promise<Answer<'listConsumers'>> {
  return request('GET', `${groupPath(stream, group)}/consumers${ONE_PAGE}`, abortable(signal))
}

/** Returns how many pending entries were dropped with the consumer. */
export async function deleteConsumer(
  stream: string,
  group: string,
  name: string,
  pending: OnPending<'deleteConsumer'>
): Promise<number> {
  const path = `${groupPath(stream, group)}/consumers/${segment(name)}${query<'deleteConsumer'>({ pending })}`
  return (await request<Answer<'deleteConsumer'>>('DELETE', path)).pending
}
