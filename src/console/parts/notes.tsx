import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { count } from '../format.ts'
import { Store, useStore } from '../live/store.ts'

/** What was done last, for everyone to see and hear. */
const said = new Store<{ readonly text: string; readonly at: number } | null>(null)
/** How long a note stays to be read. */
const STAY_MS = 6000

export function note(text: string): void {
  const at = Date.now()
  said.set({ text, at })
  setTimeout(() => {
    if (said.value?.at === at) said.set(null)
  }, STAY_MS)
}

export function Notes() {
  const last = useStore(said)
  return (
    <div class="notes" role="status" aria-live="polite">
      {last !== null && <p>{last.text}</p>}
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

/** A number with its name. */
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

/** What stands where there is nothing yet, with the command that changes that. */
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
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
          <pre tabIndex={0}>{command}</pre>
          {/* Only pages that came over TLS or from this machine have a clipboard. */}
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

/** The end of a list that shows only the first of many. */
export function Rest({ shown = 0, total = 0, what }: RestProps) {
  if (total <= shown || shown < FULL_PAGE) return null
  return (
    <p class="quiet-note">
      Showing the first {count(shown)} of {count(total)} {what}.
    </p>
  )
}

/** As many as one request shows. */
const FULL_PAGE = 1000

/** A curl command for this server. A single quote in a name would end the shell's own. */
export function curl(path: string, body?: object): string {
  const url = `'${new URL(`../${path}`, document.baseURI).href.replaceAll("'", '%27')}'`
  if (body === undefined) return `curl -X PUT ${url}`
  return `curl ${url} -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`
}
