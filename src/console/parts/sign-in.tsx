import { useState } from 'preact/hooks'
import { isSignedOut } from '../api/client.ts'
import { token } from '../api/token.ts'
import { useStore } from '../live/store.ts'

/** Prompts for a token if the server requires one. The tab keeps it until it is closed. */
export function SignIn() {
  const needsToken = useStore(isSignedOut)
  const [text, setText] = useState('')
  if (!needsToken) return null
  const signIn = (event: Event) => {
    event.preventDefault()
    token.set(text.trim())
    location.reload()
  }
  return (
    <form class="panel sign-in" onSubmit={signIn}>
      <h2>Sign in with a token</h2>
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
        Sign in
      </button>
      {token.value !== '' && <p class="failure">Weir did not accept the last token.</p>}
    </form>
  )
}
