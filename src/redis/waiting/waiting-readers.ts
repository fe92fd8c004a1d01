import type { GroupRef } from '../../contract/refs.ts'
import type { WaitingLimits } from '../../semantics/waiting-room.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { refusalOf } from '../connection/redis-errors.ts'
import { ChangeBroadcast } from './change-broadcast.ts'
import { LongPolls } from './long-polls.ts'
import { Reconciler } from './reconciler.ts'
import { Redelivery } from './redelivery.ts'
import { BlockingWatch, PollingWatch, type Watch } from './watch.ts'

export interface WaitingReadersOptions extends WaitingLimits {
  readonly nodes: Nodes
  readonly keys: Keys
  readonly commands: StreamCommands
}

/**
 * The readers that wait, and everything that notices when there are entries for them: this engine's own changes, new
 * entries, notifications from other Weir nodes, and periodic checks.
 */
export class WaitingReaders {
  readonly longPolls: LongPolls
  readonly reconciler: Reconciler
  readonly redelivery: Redelivery
  readonly #watch: Watch
  readonly #broadcast: ChangeBroadcast

  constructor({ nodes, keys, commands, ...limits }: WaitingReadersOptions) {
    this.longPolls = new LongPolls({
      ...limits,
      watch: (stream, after) => this.#watch.watch(keys.keyOf(stream), after),
      watchIdle: (place) => this.reconciler.watchIdle(place),
      trouble: (isInGroup) => nodes.trouble() ?? (isInGroup ? nodes.impairment() : undefined)
    })
    this.reconciler = new Reconciler(commands, this.longPolls)
    const watchOptions = {
      isWanted: (key: string) => this.longPolls.queues.hasStream(keys.streamOf(key)),
      onChanged: (key: string) => this.longPolls.wakeStream(keys.streamOf(key))
    }
    const [server] = nodes.servers()
    this.#watch =
      nodes.isCluster || server === undefined
        ? new PollingWatch(nodes, watchOptions)
        : new BlockingWatch(server, () => nodes.locate(), watchOptions)
    this.#broadcast = new ChangeBroadcast(nodes, keys.channel, (stream) => {
      this.entriesMayAge(stream)
      void this.reconciler.check(stream)
    })
    this.redelivery = new Redelivery(
      commands,
      (stream) => this.entriesMayAge(stream),
      (group) => this.groupChanged(group)
    )
  }

  /** Call it when a server can be used again. Changes made meanwhile may have been missed. */
  reconnected(): void {
    this.redelivery.retry()
    this.reconciler.checkAll()
  }

  /** Call it before a change that may raise the idle time of a stream's entries. */
  entriesMayAge(stream: string): void {
    this.reconciler.idleTimes.forget(stream)
  }

  /** Call it after a group changed without a new entry. Serves its readers, here and on other Weir nodes. */
  groupChanged({ stream, group }: GroupRef): void {
    this.entriesMayAge(stream)
    void this.longPolls.serve({ stream, group })
    this.reconciler.checkWithin(stream, 0)
    this.#broadcast.changed(stream)
  }

  /** Call it after a group was deleted. Its readers are refused, here and on other Weir nodes. */
  groupDeleted({ stream, group }: GroupRef): void {
    const place = { stream, group }
    this.reconciler.idleTimes.forget(stream)
    this.longPolls.refuse(place, refusalOf('group-not-found', place))
    this.#broadcast.changed(stream)
  }

  /**
   * Call it after a stream was deleted. Its readers and those of its groups are refused, here and on other Weir nodes.
   */
  streamDeleted(stream: string): void {
    this.reconciler.idleTimes.forget(stream)
    for (const place of this.longPolls.queues.placesOf(stream)) {
      this.longPolls.refuse(place, refusalOf('stream-not-found', place))
    }
    this.#broadcast.changed(stream)
  }

  close(): void {
    this.reconciler.close()
    this.#watch.close()
    this.#broadcast.close()
  }
}
