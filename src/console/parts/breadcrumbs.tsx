import type { ComponentChildren } from 'preact'
import { addressOf, type Route } from '../routes.ts'
import { Empty } from './notes.tsx'

/** Links from the current view back to all streams. */
export function Breadcrumbs({ route }: { route: Extract<Route, { stream: string }> }) {
  const { stream } = route
  return (
    <nav class="breadcrumbs" aria-label="Breadcrumbs">
      <ol>
        <li>
          <a href="#/">Streams</a>
        </li>
        {route.view === 'group' && (
          <li>
            <a href={addressOf({ view: 'stream', stream })}>{stream}</a>
          </li>
        )}
        <li aria-current="page">{route.view === 'group' ? route.group : stream}</li>
      </ol>
    </nav>
  )
}

/** Shown instead of a stream or group that does not exist. */
export function NotFound(props: { title: string; command: string; children: ComponentChildren }) {
  const { title, command, children } = props
  return (
    <section class="panel">
      <Empty title={title} command={command}>
        <p>{children}</p>
      </Empty>
    </section>
  )
}
