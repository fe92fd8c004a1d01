import { Store } from '../console/live/store.ts'
import type { OpenApi } from './openapi/document.ts'
import { type Tag, tagsOf } from './openapi/operations.ts'

/** The document as the page shows it. */
export interface Loaded {
  readonly document: OpenApi
  readonly tags: readonly Tag[]
  /** The address of the server, with a slash at its end. */
  readonly root: string
}

export type Loading =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'loaded'; readonly loaded: Loaded }

/** The document of the server that sent this page. */
export const loading = new Store<Loading>({ state: 'loading' })

/** The address of the document, right below any path of a proxy. */
export const documentUrl = (): string => new URL('../openapi.json', document.baseURI).href

/** Loads the document, at first and whenever the user tries again. */
export async function load(): Promise<void> {
  loading.set({ state: 'loading' })
  try {
    const url = documentUrl()
    const response = await fetch(url, { headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`The server responded with status ${response.status}`)
    const found = await parsed(response)
    const server = new URL(found.servers?.[0]?.url ?? '.', url).href
    const root = server.endsWith('/') ? server : `${server}/`
    loading.set({ state: 'loaded', loaded: { document: found, tags: tagsOf(found), root } })
  } catch (error) {
    loading.set({ state: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
}

async function parsed(response: Response): Promise<OpenApi> {
  const found: unknown = await response.json().catch(() => undefined)
  if (
    typeof found !== 'object' ||
    found === null ||
    !('openapi' in found && 'paths' in found && 'info' in found)
  )
    throw new Error('The response is not an OpenAPI document')
  return found as OpenApi
}
