import type { Place } from '../routes.ts'
import { Crumbs, Gone } from './breadcrumbs.tsx'

/** What stands in place of a stream or group whose name no browser can ask for. */
export function FolderName({ place }: { place: Extract<Place, { stream: string }> }) {
  const parts = ['streams', place.stream, ...(place.view === 'group' ? ['groups', place.group] : [])]
  const path = `v1/${parts.map((part) => encodeURIComponent(part).replaceAll("'", '%27')).join('/')}`
  // Not through a URL, which would do to it what it warns of.
  const url = new URL('..', document.baseURI).href + path
  const name = place.view === 'group' ? place.group : place.stream
  return (
    <>
      <Crumbs place={place} />
      <div class="heading">
        <h1 class="name">{name}</h1>
      </div>
      <Gone title="This name cannot be asked for in a browser." command={`curl --path-as-is '${url}'`}>
        In an address “.” and “..” mean a folder, and a browser leaves them out before it asks, encoded or
        not. What sends a path as it is can use such a name all the same.
      </Gone>
    </>
  )
}
