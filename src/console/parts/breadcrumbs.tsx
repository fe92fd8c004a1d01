import type { ComponentChildren } from 'preact'
import { addressOf, type Place } from '../routes.ts'
import { Empty } from './notes.tsx'

/** The way from all streams to here. */
export function Crumbs({ place }: { place: Extract<Place, { stream: string }> }) {
  const { stream } = place
  return (
    <nav class="crumbs" aria-label="Where this is">
      <ol>
        <li>
          <a href="#/">Streams</a>
        </li>
        {place.view === 'group' && (
          <li>
            <a href={addressOf({ view: 'stream', stream })}>{stream}</a>
          </li>
        )}
        <li aria-current="page">{place.view === 'group' ? place.group : stream}</li>
      </ol>
    </nav>
  )
}

/** What stands in place of something that does not exist, or not any more. */
export function Gone(props: { title: string; command: string; children: ComponentChildren }) {
  const { title, command, children } = props
  return (
    <section class="panel">
      <Empty title={title} command={command}>
        <p>{children}</p>
      </Empty>
    </section>
  )
}
