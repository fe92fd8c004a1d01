import { useState } from 'preact/hooks'
import { count } from '../../console/format.ts'
import { tokensOf } from './tokens.ts'

/** How much of a code is shown at first. */
const SHOWN_CHARACTERS = 20_000
/** Longer code is shown without colours. */
const COLOURED_CHARACTERS = 100_000

/** Code or JSON in colours. */
export function Code({ code, label }: { code: string; label: string }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? code : code.slice(0, SHOWN_CHARACTERS)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard. */}
      <section class="code" tabIndex={0} aria-label={label}>
        <pre>{shown.length > COLOURED_CHARACTERS ? shown : <Coloured code={shown} />}</pre>
      </section>
      {shown.length < code.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show all {count(code.length)} characters
        </button>
      )}
    </>
  )
}

export function Coloured({ code }: { code: string }) {
  return (
    <>
      {tokensOf(code).map(({ kind, text }, index) =>
        kind === 'plain' ? (
          text
        ) : (
          <span key={index} class={`of-${kind}`}>
            {text}
          </span>
        )
      )}
    </>
  )
}

/** Copies a text. Not shown without TLS or localhost, where a page has no clipboard. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState('')
  if (!isSecureContext) return null
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
    >
      {copied === text ? 'Copied' : 'Copy'}
    </button>
  )
}

/** JSON with an indentation, or the text itself if it is not JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
