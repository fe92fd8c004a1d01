import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { count } from '../format.ts'
import { Store, useStore } from '../live/store.ts'

/** The latest notification. Screen readers announce it. */
const latest = new Store<{ readonly text: string; readonly at: number } | null>(null)
/** How long a notification is shown. */
const STAY_MS = 6000

export function note(text: string): void {
  const at = Date.now()
  latest.set({ text, at })
  setTimeout(() => {
    if (latest.value?.at === at) latest.set(null)
  }, STAY_MS)
}

export function Notes() {
  const shown = useStore(latest)
  return (
    <div class="notes" role="status" aria-live="polite">
      {shown !== null && <p>{shown.text}</p>}
    </div>
  )
}

interface StatProps {
  readonly name: string
  readonly value: string
  readonly hint?: string
  readonly tone?: string
  readonly isId?: boolean
}

/** A value with its name. */
export function Stat(props: StatProps) {
  const { name, value, hint, tone, isId = false } = props
  return (
    <div class="stat">
      <dt>{name}</dt>
      <dd data-tone={tone}>{isId ? <span class="id">{value}</span> : value}</dd>
      {hint !== undefined && <dd class="hint">{hint}</dd>}
    </div>
  )
}

/** Shown instead of an empty list, with a command that adds the first item. */
export function Empty({
  title,
  command,
  children
}: {
  title: string
  command?: string
  children?: ComponentChildren
}) {
  const [isCopied, setCopied] = useState(false)
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
      {command !== undefined && (
        <div class="command">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard. */}
          <pre tabIndex={0}>{command}</pre>
          {/* The clipboard API needs TLS or localhost. */}
          {isSecureContext && (
            <button
              type="button"
              onClick={() => void navigator.clipboard.writeText(command).then(() => setCopied(true))}
            >
              {isCopied ? 'Copied' : 'Copy'}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

interface RestProps {
  readonly shown: number | undefined
  readonly total: number | undefined
  readonly what: string
}

/** Shown below a list that is only the first page of a longer one. */
export function Rest({ shown = 0, total = 0, what }: RestProps) {
  if (total <= shown || shown < FULL_PAGE) return null
  return (
    <p class="quiet-note">
      Showing the first {count(shown)} of {count(total)} {what}.
    </p>
  )
}

/** The size of a full page. */
const FULL_PAGE = 1000

/** Builds a curl command for this server. Escapes single quotes, which would end the quoted arguments. */
export function curl(path: string, body?: object): string {
  const url = `'${new URL(`../${path}`, document.baseURI).href.replaceAll("'", '%27')}'`
  if (body === undefined) return `curl -X PUT ${url}`
  return `curl ${url} -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`
}
