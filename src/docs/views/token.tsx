import { useState } from 'preact/hooks'
import { token } from '../../console/api/token.ts'
import { useStore } from '../../console/live/store.ts'

/** Asks for the token that requests are sent with. It is the one of the console, and this tab keeps it until it is closed. */
export function TokenForm({ isRefused }: { isRefused: boolean }) {
  const secret = useStore(token)
  const [text, setText] = useState('')
  const save = () => {
    token.set(text.trim())
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter would send the request without the token.
    if (event.key !== 'Enter') return
    event.preventDefault()
    save()
  }
  return (
    <details class="token" open={isRefused}>
      <summary>
        Token <span class="soft">{secret === '' ? 'none' : 'sent with each request'}</span>
      </summary>
      {isRefused && (
        <p class="failure">
          {secret === '' ? 'This server requires a token.' : 'Weir did not accept this token.'}
        </p>
      )}
      <div class="token-row">
        <input
          type="password"
          aria-label="Token"
          autocomplete="off"
          placeholder={secret === '' ? 'weir_…' : 'Enter another token'}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" disabled={text.trim() === ''} onClick={save}>
          Use token
        </button>
        {secret !== '' && (
          <button type="button" class="quiet" onClick={() => token.set('')}>
            Forget
          </button>
        )}
      </div>
      <p class="soft">This tab keeps it until it is closed. Samples read it from the variable WEIR_TOKEN.</p>
    </details>
  )
}
