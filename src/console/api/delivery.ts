import { request } from './client.ts'
import { type Answer, abortable, type Body, groupPath, query } from './operations.ts'

/* The operations on entries that were not acked: returned to the group, kept longer, dead. */

export function nackEntries(
  stream: string,
  group: string,
  body: Body<'nackEntries'>
): Promise<Answer<'nackEntries'>> {
  return request('POST', `${groupPath(stream, group)}/nack`, { body })
}

export function extendEntries(
  stream: string,
  group: string,
  body: Body<'extendEntries'>
): Promise<Answer<'extendEntries'>> {
  return request('POST', `${groupPath(stream, group)}/extend`, { body })
}

export function listDead(
  stream: string,
  group: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
  signal?: AbortSignal
): Promise<Answer<'listDead'>> {
  const { limit, cursor } = page
  const path = `${groupPath(stream, group)}/dead${query<'listDead'>({ limit, cursor })}`
  return request('GET', path, abortable(signal))
}

/** The number of ids that a request can contain, and the number of entries that one redrive takes. */
export const MOST_IDS = 1000

/** Redrives the dead entries of a group with these ids. */
export function redriveEntries(
  stream: string,
  group: string,
  body: Body<'redriveEntries'>
): Promise<Answer<'redriveEntries'>> {
  return request('POST', `${groupPath(stream, group)}/redrive`, { body })
}

/** Redrives all dead entries of a group, a thousand at a time. */
export async function redriveAll(stream: string, group: string): Promise<Answer<'redriveEntries'>> {
  let redriven = 0
  for (;;) {
    const answer = await redriveEntries(stream, group, { limit: MOST_IDS })
    redriven += answer.redriven
    if (answer.redriven < MOST_IDS) return { ...answer, redriven }
  }
}
