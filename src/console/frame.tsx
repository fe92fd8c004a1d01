import { useEffect, useRef } from 'preact/hooks'
import { contact, isLockedOut } from './api/client.ts'
import { BalanceView } from './balance/view.tsx'
import { type Store, useStore } from './live/store.ts'
import { isVisible } from './live/visibility.ts'
import { FolderName } from './parts/dot-segment-name.tsx'
import { Lock } from './parts/sign-in.tsx'
import { Notes } from './parts/notes.tsx'
import { addressOf, isFolder, type Place } from './routes.ts'
import { type ThemeChoice, themeChoice } from './theme.ts'
import { GroupView } from './views/group.tsx'
import { OverviewView } from './views/overview.tsx'
import { StreamView } from './views/stream.tsx'

/** What is around every view. */
export function Frame({ here }: { here: Store<Place> }) {
  const place = useStore(here)
  const main = useRef<HTMLElement>(null)
  const address = addressOf(place)
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = titleOf(place)
    scrollTo(0, 0)
    // Whoever follows a link by keyboard or with a screen reader goes on in the new view.
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
          <NavLink to={{ view: 'overview' }} isHere={place.view !== 'balance'} text="Streams" />
          <NavLink to={{ view: 'balance' }} isHere={place.view === 'balance'} text="Balance" />
          <a href="../docs/">API</a>
        </nav>
        <Contact />
        <ThemeButton />
      </header>
      <Away />
      <main ref={main} tabIndex={-1}>
        <Lock />
        <View key={address} place={place} />
      </main>
      <Notes />
    </>
  )
}

function View({ place }: { place: Place }) {
  if ('stream' in place && namesOf(place).some(isFolder)) return <FolderName place={place} />
  switch (place.view) {
    case 'overview':
      return <OverviewView />
    case 'stream':
      return <StreamView stream={place.stream} />
    case 'group':
      return <GroupView stream={place.stream} group={place.group} />
    case 'balance':
      return <BalanceView />
    case 'nowhere':
      return (
        <section class="panel">
          <h1>Nothing is here</h1>
          <p>
            The address is none of this page’s. <a href="#/">See all streams</a>
          </p>
        </section>
      )
  }
}

function NavLink({ to, isHere, text }: { to: Place; isHere: boolean; text: string }) {
  return (
    <a href={addressOf(to)} aria-current={isHere ? 'page' : undefined}>
      {text}
    </a>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark-back" />
      <path d="M5 11h9c4 0 4 10 8 10h5" class="mark-near" />
      <path d="M5 17h5c4 0 4 8 8 8" class="mark-far" />
      <path d="M18 9h9" class="mark-drops" />
    </svg>
  )
}

/** Whether what one sees is of now. */
function Contact() {
  const { isThere } = useStore(contact)
  const isSeen = useStore(isVisible)
  const isLocked = useStore(isLockedOut)
  const state = !isThere ? 'away' : isLocked ? 'locked' : isSeen ? 'live' : 'paused'
  const text = { away: 'No answer', locked: 'Locked', live: 'Live', paused: 'Paused' }[state]
  return (
    <span class="contact" data-state={state}>
      {text}
    </span>
  )
}

/** Says that the server is away, and when it is back. */
function Away() {
  const { isThere, at } = useStore(contact)
  return (
    <div class="away" role="alert" hidden={isThere}>
      {!isThere && (
        <p>
          <b>Weir does not answer.</b>{' '}
          {at === null
            ? 'It was not reached yet.'
            : `What you see is from ${new Date(at).toLocaleTimeString('en-GB')}.`}{' '}
          The page tries again and goes on by itself.
        </p>
      )}
    </div>
  )
}

const NEXT_THEME: Readonly<Record<ThemeChoice, ThemeChoice>> = { auto: 'light', light: 'dark', dark: 'auto' }

function ThemeButton() {
  const choice = useStore(themeChoice)
  const name = { auto: 'as the system', light: 'light', dark: 'dark' }[choice]
  return (
    <button
      type="button"
      class="quiet theme-button"
      aria-label={`Theme: ${name}. Change`}
      title={`Theme: ${name}`}
      onClick={() => themeChoice.set(NEXT_THEME[choice])}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" data-choice={choice}>
        <circle cx="10" cy="10" r="7" class="theme-ring" />
        <path d="M10 3a7 7 0 0 1 0 14z" class="theme-half" />
        <circle cx="10" cy="10" r="7" class="theme-full" />
      </svg>
    </button>
  )
}

function namesOf(place: Extract<Place, { stream: string }>): string[] {
  return place.view === 'group' ? [place.stream, place.group] : [place.stream]
}

function titleOf(place: Place): string {
  switch (place.view) {
    case 'stream':
      return `${place.stream} · Weir`
    case 'group':
      return `${place.group} of ${place.stream} · Weir`
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
