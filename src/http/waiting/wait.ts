import type { FastifyRequest } from 'fastify'
import type { Problem } from '../problems/problem.ts'
import type { Peer } from './peer.ts'

/** A request that waits for entries, once or repeatedly. */
export class Wait {
  readonly request: FastifyRequest
  readonly peer: Peer
  /** Why it may no longer wait. */
  refusal: Problem | undefined
  /** Called when it is refused. */
  onRefusal: () => void = ignore

  constructor(request: FastifyRequest, peer: Peer) {
    this.request = request
    this.peer = peer
  }
}

function ignore(): void {}
