import { useEffect, useRef } from 'preact/hooks'
import { connection, isSignedOut } from './api/client.ts'
import { BalanceView } from './balance/view.tsx'
import { type Store, useStore } from './live/store.ts'
import { isVisible } from './live/visibility.ts'
import { DotSegmentName } from './parts/dot-segment-name.tsx'
import { Mark } from './parts/mark.tsx'
import { Notes } from './parts/notes.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { ThemeButton } from './parts/theme-button.tsx'
import { addressOf, isDotSegment, type Route } from './routes.ts'
import { GroupView } from './views/group.tsx'
import { OverviewView } from './views/overview.tsx'
import { StreamView } from './views/stream.tsx'

/** The frame around each view: navigation, status and notifications. */
export function Frame({ current }: { current: Store<Route> }) {
  const route = useStore(current)
  const main = useRef<HTMLElement>(null)
  const address = addressOf(route)
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = titleOf(route)
    scrollTo(0, 0)
    // Keyboard and screen reader continue in the new view.
    if (!isFirst.current) main.current?.focus({ preventScroll: true })
    isFirst.current = false
  }, [address])
  return (
    <>
      <a class="skip" href={address} onClick={(event) => skipTo(event, main.current)}>
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href="#/">
          <Mark />
          Weir
        </a>
        <nav aria-label="Views">
          <NavLink to={{ view: 'overview' }} isCurrent={route.view !== 'balance'} text="Streams" />
          <NavLink to={{ view: 'balance' }} isCurrent={route.view === 'balance'} text="Balance" />
          <a href="../docs/">API</a>
        </nav>
        <ConnectionStatus />
        <ThemeButton />
      </header>
      <OutageAlert />
      <main ref={main} tabIndex={-1}>
        <SignIn />
        <View key={address} route={route} />
      </main>
      <Notes />
    </>
  )
}

function View({ route }: { route: Route }) {
  if ('stream' in route && namesOf(route).some(isDotSegment)) return <DotSegmentName route={route} />
  switch (route.view) {
    case 'overview':
      return <OverviewView />
    case 'stream':
      return <StreamView stream={route.stream} />
    case 'group':
      return <GroupView stream={route.stream} group={route.group} />
    case 'balance':
      return <BalanceView />
    case 'not-found':
      return (
        <section class="panel">
          <h1>Page not found</h1>
          <p>
            The console has no page at this address. <a href="#/">Show all streams</a>
          </p>
        </section>
      )
  }
}

function NavLink({ to, isCurrent, text }: { to: Route; isCurrent: boolean; text: string }) {
  return (
    <a href={addressOf(to)} aria-current={isCurrent ? 'page' : undefined}>
      {text}
    </a>
  )
}

/** Shows whether the data on the page is current. */
function ConnectionStatus() {
  const { isUp } = useStore(connection)
  const isShown = useStore(isVisible)
  const needsToken = useStore(isSignedOut)
  const state = !isUp ? 'offline' : needsToken ? 'signed-out' : isShown ? 'live' : 'paused'
  const text = { offline: 'Offline', 'signed-out': 'Signed out', live: 'Live', paused: 'Paused' }[state]
  return (
    <span class="connection" data-state={state}>
      {text}
    </span>
  )
}

/** Shown while the server does not respond. */
function OutageAlert() {
  const { isUp, lastResponseAt } = useStore(connection)
  return (
    <div class="outage" role="alert" hidden={isUp}>
      {!isUp && (
        <p>
          <b>Weir is not responding.</b>{' '}
          {lastResponseAt === null
            ? 'It has not responded yet.'
            : `Last response at ${new Date(lastResponseAt).toLocaleTimeString('en-GB')}.`}{' '}
          The page keeps trying and continues when Weir is back.
        </p>
      )}
    </div>
  )
}

function namesOf(route: Extract<Route, { stream: string }>): string[] {
  return route.view === 'group' ? [route.stream, route.group] : [route.stream]
}

function titleOf(route: Route): string {
  switch (route.view) {
    case 'stream':
      return `${route.stream} · Weir`
    case 'group':
      return `${route.group} of ${route.stream} · Weir`
    case 'balance':
      return 'Balance · Weir'
    default:
      return 'Streams · Weir'
  }
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault()
  main?.focus()
}
