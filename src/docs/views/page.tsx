import { useEffect, useRef, useState } from 'preact/hooks'
import { useStore } from '../../console/live/store.ts'
import { Mark } from '../../console/parts/mark.tsx'
import { ThemeButton } from '../../console/parts/theme-button.tsx'
import { watchRoute } from '../current-route.ts'
import { documentUrl, type Loaded, load, loading } from '../live-document.ts'
import { addressOf, type Route } from '../routes.ts'
import { Navigation } from './navigation.tsx'
import { OperationView } from './operation.tsx'
import { Overview } from './overview.tsx'
import { ProblemsView } from './problems.tsx'

const current = watchRoute()

/** The frame around each view: the header, the navigation, and the view of the route. */
export function Page() {
  const found = useStore(loading)
  const route = useStore(current)
  const main = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  const address = addressOf(route)
  const isFirst = useRef(true)
  useEffect(() => void load(), [])
  useEffect(() => {
    document.title = titleOf(route)
    setOpen(false)
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    scrollTo(0, 0)
    // Keyboard and screen reader continue in the new view.
    main.current?.focus({ preventScroll: true })
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
        <nav aria-label="Pages">
          <a href="../console/">Console</a>
          <a href="#/" aria-current="page">
            API
          </a>
        </nav>
        <button
          type="button"
          class="menu-button"
          aria-expanded={isOpen}
          aria-controls="operations"
          onClick={() => setOpen(!isOpen)}
        >
          Operations
        </button>
        <ThemeButton />
      </header>
      <div class="frame">
        {found.state === 'loaded' && (
          <div id="operations" class="sidebar" data-open={isOpen}>
            <Navigation tags={found.loaded.tags} route={route} onChoose={() => setOpen(false)} />
          </div>
        )}
        <main ref={main} tabIndex={-1}>
          {found.state === 'loading' && (
            <p class="soft" role="status">
              Loading the OpenAPI document…
            </p>
          )}
          {found.state === 'failed' && <Failure reason={found.reason} />}
          {found.state === 'loaded' && <View key={address} route={route} loaded={found.loaded} />}
        </main>
      </div>
    </>
  )
}

function View({ route, loaded }: { route: Route; loaded: Loaded }) {
  if (route.view === 'overview') return <Overview loaded={loaded} />
  if (route.view === 'problems') return <ProblemsView loaded={loaded} />
  const operation = loaded.tags.flatMap(({ operations }) => operations).find(({ id }) => id === route.id)
  if (operation !== undefined) return <OperationView operation={operation} loaded={loaded} />
  return (
    <section class="panel">
      <h1>Operation not found</h1>
      <p>
        This server has no operation <code>{route.id}</code>. <a href="#/">Show all operations</a>
      </p>
    </section>
  )
}

function Failure({ reason }: { reason: string }) {
  return (
    <section class="panel failure-panel" role="alert">
      <h1>The OpenAPI document could not be loaded</h1>
      <p>
        {reason}. The document is at <a href={documentUrl()}>{documentUrl()}</a>.
      </p>
      <button type="button" class="primary" onClick={() => void load()}>
        Try again
      </button>
    </section>
  )
}

function titleOf(route: Route): string {
  if (route.view === 'operation') return `${route.id} · Weir API`
  return route.view === 'problems' ? 'Problem codes · Weir API' : 'Weir API'
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault()
  main?.focus()
}
