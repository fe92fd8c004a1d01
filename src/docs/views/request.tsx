import { useEffect, useRef, useState } from 'preact/hooks'
import { token } from '../../console/api/token.ts'
import { useStore } from '../../console/live/store.ts'
import type { Loaded } from '../live-document.ts'
import type { Operation } from '../openapi/operations.ts'
import { buildRequest, type Entered, exampleInput, faultOf } from '../try/api-request.ts'
import { remember, withRemembered } from '../try/remembered.ts'
import { type Exchange, send } from '../try/send.ts'
import { AnswerView } from './answer.tsx'
import { RequestForm } from './request-form.tsx'
import { Samples } from './samples.tsx'
import { TokenForm } from './token.tsx'

/** A request of the operation: its values, the same request in several languages, and a way to send it. */
export function RequestPanel({ operation, loaded }: { operation: Operation; loaded: Loaded }) {
  const [entered, setEntered] = useState<Entered>(() =>
    withRemembered(exampleInput(loaded.document, operation))
  )
  const [exchange, setExchange] = useState<Exchange>()
  const [fault, setFault] = useState('')
  const controller = useRef<AbortController>(undefined)
  const secret = useStore(token)
  useEffect(() => () => controller.current?.abort(), [])
  const request = buildRequest(operation, entered, loaded.root, secret !== '')
  const isRunning = exchange?.state === 'waiting' || exchange?.state === 'streaming'
  const submit = (event: Event) => {
    event.preventDefault()
    if (isRunning) return
    const found = faultOf(operation, entered)
    setFault(found)
    if (found !== '') return
    remember(entered)
    controller.current = new AbortController()
    void send(request, secret, controller.current.signal, setExchange)
  }
  return (
    <section class="request panel" aria-labelledby="request-title">
      <h2 id="request-title">Request</h2>
      <form onSubmit={submit}>
        <RequestForm operation={operation} document={loaded.document} entered={entered} enter={setEntered} />
        {operation.takesToken && <TokenForm isRefused={exchange?.head?.status === 401} />}
        <Samples request={request} />
        <div class="send-row">
          <button type="submit" class="primary" disabled={isRunning}>
            Send request
          </button>
          {isRunning && (
            <button type="button" class="danger" onClick={() => controller.current?.abort()}>
              Stop
            </button>
          )}
          {operation.method !== 'GET' && <span class="soft">Changes this server.</span>}
        </div>
        <p role="alert" class="failure">
          {fault}
        </p>
      </form>
      {exchange !== undefined && <AnswerView exchange={exchange} />}
    </section>
  )
}
