// A process that waits for entries on several connections at once: node waiting-readers.js PORT COUNT [END]
// It reads everything it receives. When all connections were answered, it ends them in the way that END names.
import { connect } from 'node:net'

const [port, count, end = 'wait'] = process.argv.slice(2)

const ENDS = {
  wait: () => {},
  end: (socket) => socket.end(),
  destroy: (socket) => socket.destroy(),
  exit: () => process.exit()
}

let unanswered = Number(count)
const sockets = Array.from({ length: unanswered }, (_, index) => {
  const body = JSON.stringify({ consumer: `c${index}`, count: 1, waitMs: 60_000 })
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /v1/streams/orders/groups/billing/read HTTP/1.1\r\nhost: localhost\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
    const [head, rest] = received.split('\r\n\r\n')
    if (rest === undefined || rest.length < Number(/content-length: (\d+)/i.exec(head)[1])) return
    unanswered--
    if (unanswered === 0) for (const one of sockets) ENDS[end](one)
  })
  return socket
})
