import { streamDescription } from '../../src/embedded/core/description.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'

/** Everything in a state. */
export function snapshot(streams: Streams) {
  return [...streams.from('')].map((found) => ({
    ...streamDescription(found, Number.POSITIVE_INFINITY),
    inner: [...found.groups.values()].map((inside) => ({
      returned: [...inside.returned.ascend()],
      byTime: [...inside.pending.byTime()].map((state) => state.id),
      nacked: [...inside.pending.nacked()].map((state) => state.id),
      orphans: [...inside.pending.orphans()].map((state) => state.id),
      policy: inside.policy,
      policyAt: inside.policyAt,
      dead: [...inside.dead.from(0n)]
    }))
  }))
}
