import { useState } from 'preact/hooks'
import { isLockedOut, token } from '../api/client.ts'
import { useStore } from '../live/store.ts'

/** Asks for a token where the server wants one. It is kept for this tab, until it is closed. */
export function Lock() {
  const isLocked = useStore(isLockedOut)
  const [text, setText] = useState('')
  if (!isLocked) return null
  const unlock = (event: Event) => {
    event.preventDefault()
    token.set(text.trim())
    location.reload()
  }
  return (
    <form class="panel lock" onSubmit={unlock}>
      <h2>Weir wants to know who asks</h2>
      <label>
        Token
        <input
          type="password"
          autocomplete="off"
          required
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Go on
      </button>
      {token.value !== '' && <p class="failure">The token that was given before is not accepted.</p>}
    </form>
  )
}
