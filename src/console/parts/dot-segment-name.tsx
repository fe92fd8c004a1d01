import type { Route } from '../routes.ts'
import { Breadcrumbs, NotFound } from './breadcrumbs.tsx'

/** Shown instead of a stream or group whose name a browser cannot request. */
export function DotSegmentName({ route }: { route: Extract<Route, { stream: string }> }) {
  const parts = ['streams', route.stream, ...(route.view === 'group' ? ['groups', route.group] : [])]
  const path = `v1/${parts.map((part) => encodeURIComponent(part).replaceAll("'", '%27')).join('/')}`
  // Not through a URL object, which would resolve the dot segment.
  const url = new URL('..', document.baseURI).href + path
  const name = route.view === 'group' ? route.group : route.stream
  return (
    <>
      <Breadcrumbs route={route} />
      <div class="heading">
        <h1 class="name">{name}</h1>
      </div>
      <NotFound title="A browser cannot request this name." command={`curl --path-as-is '${url}'`}>
        In a URL, “.” and “..” mean directories. A browser resolves them before it sends a request, even if
        they are percent-encoded. Clients that send paths unchanged can use this name.
      </NotFound>
    </>
  )
}
