// Written by "npm run console-types" from openapi/openapi.json. Do not edit.

export interface paths {
    readonly "/livez": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Check whether the process is alive
         * @description Succeeds as long as the process can respond at all.
         *
         *     Redis: `PING`.
         */
        readonly get: operations["getLiveness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Check whether the server is ready for traffic
         * @description Refused, with the reason, while the server is shutting down or its storage has failed.
         *
         *     Problems, besides those of any request: `draining`, `engine-unavailable`.
         *
         *     Redis: `PING`.
         */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the metrics
         * @description Returns counters, durations and the state of the groups in the Prometheus text format.
         *
         *     Scope: `metrics`.
         *
         *     Redis: `INFO`.
         */
        readonly get: operations["getMetrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get this document
         * @description Returns the OpenAPI document of this server in version 3.0.3.
         */
        readonly get: operations["getOpenApi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List streams
         * @description Returns a page of streams in the byte order of their names. The last page has no `cursor`.
         *
         *     Scope: `read`.
         *
         *     Redis: `SCAN`.
         */
        readonly get: operations["listStreams"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a stream
         * @description Returns the length of the stream, its counters, and its first and last entry.
         *
         *     Problems, besides those of any request: `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XINFO STREAM`, `XLEN`.
         */
        readonly get: operations["getStream"];
        /**
         * Create a stream if it does not exist
         * @description An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream exists.
         *
         *     Problems, besides those of any request: `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-exists`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XGROUP CREATE … MKSTREAM`.
         */
        readonly put: operations["ensureStream"];
        readonly post?: never;
        /**
         * Delete a stream
         * @description Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.
         *
         *     Problems, besides those of any request: `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `DEL`.
         */
        readonly delete: operations["deleteStream"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Set the last id of a stream
         * @description For a stream that was copied from another server: new entries get ids after `lastId`.
         *
         *     Problems, besides those of any request: `id-not-greater`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XSETID`.
         */
        readonly patch: operations["setStreamId"];
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/full": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a stream with all its details
         * @description Returns the stream with its entries, its groups, and their consumers and pending entries. Each list contains at most `limit` items. A response contains at most 5000 items in total and at most 16 MiB. `truncated` shows whether these limits shortened it further. The operations that list entries, groups, consumers and pending entries return pages.
         *
         *     Problems, besides those of any request: `entry-damaged`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XINFO STREAM … FULL`.
         */
        readonly get: operations["describeStream"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/entries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the entries in a range
         * @description Returns a page of entries. For the next page, send the `next` of this one as `after` (with `order=desc`, as `before`), even if this page is empty. A page may have fewer entries than `limit` without being the last one. With `waitMs`, the request waits for the first entry if the range is empty. To follow a stream, use `tailEntries`.
         *
         *     Set the time-out of the client for this request to `waitMs` + 5 seconds. A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.
         *
         *     Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-many-waiting`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XRANGE`, `XREVRANGE`, `XREAD`.
         */
        readonly get: operations["listEntries"];
        readonly put?: never;
        /**
         * Append entries
         * @description Appends all of the entries or none. A successful response means that they are stored. `trim` removes old entries in the same step. It requires the scope `manage`, and so does an id more than a day in the future.
         *
         *     Problems, besides those of any request: `id-not-greater`, `ids-exhausted`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.
         *
         *     Scope: `append`.
         *
         *     Redis: `XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`.
         */
        readonly post: operations["appendEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/entries/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get an entry
         * @description Returns the entry with this id.
         *
         *     Problems, besides those of any request: `entry-damaged`, `entry-not-found`, `invalid-id`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XRANGE id id`.
         */
        readonly get: operations["getEntry"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/entries/delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Delete entries by id
         * @description A deleted entry that is pending stays pending, and is delivered again with `fields: null`.
         *
         *     Problems, besides those of any request: `entry-damaged`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XDEL`.
         */
        readonly post: operations["deleteEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/trim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Remove old entries
         * @description Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay pending.
         *
         *     Problems, besides those of any request: `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XTRIM`.
         */
        readonly post: operations["trimStream"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/tail": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow a stream
         * @description Sends the entries of the stream, and then new entries as they are appended, as server-sent events. The `id` of an
         *     event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client disconnects or
         *     the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and continues after it;
         *     some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With `after=last`, the response
         *     starts with an `id` without data, so that reconnecting also works before the first event. After 15 seconds without
         *     an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open, and pauses while
         *     the client does not read. If it cannot continue, for example because the stream was deleted, its last event is a
         *     `problem`, with the problem as `data`. A client with a timeout for the whole response should call `listEntries`
         *     with `waitMs` instead.
         *
         *     Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-many-waiting`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XREAD BLOCK` in a loop.
         */
        readonly get: operations["tailEntries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the groups of a stream
         * @description Returns a page of groups in the byte order of their names. The last page has no `cursor`.
         *
         *     Problems, besides those of any request: `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XINFO GROUPS`.
         */
        readonly get: operations["listGroups"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get a group
         * @description Returns the position of the group in the stream, how many entries are pending, dead or still to be delivered, and the delivery policy.
         *
         *     Problems, besides those of any request: `group-not-found`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XINFO GROUPS`.
         */
        readonly get: operations["getGroup"];
        /**
         * Create a group if it does not exist
         * @description A worker can send this each time it starts: an existing group is not changed, and keeps its position and its delivery policy. With `If-None-Match: *`, the request is refused if the group exists. `createStream`, `delivery`, and an `after` greater than the last id of the stream require the scope `manage`.
         *
         *     Problems, besides those of any request: `dead-letter-cycle`, `group-exists`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XGROUP CREATE`.
         */
        readonly put: operations["ensureGroup"];
        readonly post?: never;
        /**
         * Delete a group
         * @description A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would ever receive them again. Waiting readers are refused with `group-not-found`.
         *
         *     Problems, besides those of any request: `group-has-pending`, `group-not-found`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XGROUP DESTROY`.
         */
        readonly delete: operations["deleteGroup"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Move a group to another position in the stream, or change its delivery policy
         * @description Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay pending. `delivery` replaces the whole delivery policy, and an empty object removes it. If it is omitted, the policy stays as it is. The time of pending entries starts again when the policy changes.
         *
         *     Problems, besides those of any request: `dead-letter-cycle`, `group-not-found`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `manage`.
         *
         *     Redis: `XGROUP SETID`.
         */
        readonly patch: operations["updateGroup"];
        readonly trace?: never;
    };
    readonly "/v1/read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Read several streams
         * @description Returns the entries after a given position in each stream. With `waitMs`, waits until one of the streams has an entry. The response contains every stream of the request, in the same order, and where to continue in it.
         *
         *     Set the time-out of the client for this request to `waitMs` + 5 seconds. A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.
         *
         *     Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-many-waiting`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XREAD`.
         */
        readonly post: operations["readStreams"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Read the next entries as a consumer
         * @description Returns the next entries that no consumer of the group has received, oldest first, and makes them pending until they are acked. Entries that are due are delivered as well: at least half of `count`, rounded down, is left for each kind. If there are none, the request waits for up to `waitMs`. Waiting consumers are served in the order in which they arrived. If the connection closes before the response is sent, nothing is delivered. With `after`, returns the pending entries of the consumer. `ack` and `nack` settle earlier entries first: in the same step if there is something to deliver at once, otherwise before waiting. Once they are settled, the response is a success, if necessary without entries.
         *
         *     Set the time-out of the client for this request to `waitMs` + 5 seconds. A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`, `too-many-waiting`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XREADGROUP`.
         */
        readonly post: operations["readGroup"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/groups/{group}/read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Read the next entries of several streams as a consumer
         * @description Like `readGroup`, but for groups of the same name on several streams. Waits until one of them has an entry. `ack` and `nack` stand with each stream.
         *
         *     Set the time-out of the client for this request to `waitMs` + 5 seconds. A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`, `too-many-waiting`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XREADGROUP`.
         */
        readonly post: operations["readGroups"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/ack": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ack entries
         * @description Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only those still pending for that consumer, and dead ones that it received last: an entry that another consumer has received since stays pending.
         *
         *     Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XACK`.
         */
        readonly post: operations["ackEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/nack": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Return entries that were not processed
         * @description Takes pending entries from their consumers. They stay pending, for no consumer, until the next reader of the group gets them: at once, or after a delay. Entries that have no deliveries left, and rejected ones, are dead instead: they stay in the group, or are moved to the dead-letter stream of the group's delivery policy. With `consumer`, changes only entries still pending for that consumer.
         *
         *     Problems, besides those of any request: `group-not-found`, `ids-exhausted`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.
         *
         *     Scope: `consume`.
         */
        readonly post: operations["nackEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/extend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Keep entries for longer
         * @description Starts the time of pending entries again, if they are pending for this consumer: the time to ack them, and in a group without `ackTimeoutMs` their idle time. The number of deliveries stays as it is. A worker sends this regularly while it works, with the ids of the entries in hand. Without `ids`, it keeps all entries of the consumer, also those whose delivery was lost on the way. It takes none from another consumer.
         *
         *     Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         */
        readonly post: operations["extendEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/pending": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List pending entries
         * @description Returns a page of pending entries in the order of their ids. For the next page, send the last id of this one as `after`. The page is empty for a consumer that the group does not have.
         *
         *     Problems, besides those of any request: `group-not-found`, `invalid-id`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XPENDING`, long form.
         */
        readonly get: operations["listPending"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/pending/summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Count pending entries
         * @description Returns the number of pending entries in the group, their lowest and highest id, and a page of the consumers that have pending entries, in the byte order of their names. Nacked entries are pending for no consumer. A page may have fewer consumers than `limit`, or none, without being the last one. Only the last page has no `cursor`.
         *
         *     Problems, besides those of any request: `group-not-found`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XPENDING`, short form.
         */
        readonly get: operations["getPendingSummary"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/claim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Claim pending entries by id
         * @description Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been idle for at least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with `maxDeliveries`, a claim counts as a failed delivery, and an entry without deliveries left is dead instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids that do not fit are not claimed and are in neither list.
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `id-too-high`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XCLAIM`.
         */
        readonly post: operations["claimEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/autoclaim": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Claim pending entries by idle time
         * @description Scans at most ten times `count` pending entries, in the order of their ids, and claims those that have been idle for at least `minIdleMs`, as `claimEntries` does. To continue, send `next` as `from`, until it is "0-0".
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XAUTOCLAIM`.
         */
        readonly post: operations["autoClaimEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/dead": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List dead entries
         * @description Returns a page of the dead entries of the group, in the order of their ids. The last page has no `cursor`. Entries that were moved to a dead-letter stream are not in the list: read that stream instead. A response contains at most 16 MiB of entries, or a single larger entry, even if the request allows more. The next request returns the rest.
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `stream-not-found`.
         *
         *     Scope: `read`.
         */
        readonly get: operations["listDead"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/redrive": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Deliver dead entries again
         * @description Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group, and then those in the dead-letter stream of its delivery policy, from which they are deleted. If the group has a dead-letter stream, the request also requires the scope `manage` on that stream. To redrive all entries, repeat the request until `redriven` is 0.
         *
         *     Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.
         *
         *     Scope: `manage`.
         */
        readonly post: operations["redriveEntries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/consumers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the consumers of a group
         * @description Returns a page of consumers in the byte order of their names. The last page has no `cursor`.
         *
         *     Problems, besides those of any request: `group-not-found`, `stream-not-found`.
         *
         *     Scope: `read`.
         *
         *     Redis: `XINFO CONSUMERS`.
         */
        readonly get: operations["listConsumers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/streams/{stream}/groups/{group}/consumers/{consumer}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Create a consumer if it does not exist
         * @description Rarely needed, because reading and claiming also create the consumer.
         *
         *     Problems, besides those of any request: `group-not-found`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XGROUP CREATECONSUMER`.
         */
        readonly put: operations["ensureConsumer"];
        readonly post?: never;
        /**
         * Delete a consumer
         * @description A consumer with pending entries is deleted only with `pending=release`, which a worker sends when it stops: the next readers of the group get the entries, and the delivery to this consumer does not count. With `pending=drop`, no consumer ever receives them again.
         *
         *     Problems, besides those of any request: `consumer-has-pending`, `consumer-not-found`, `group-not-found`, `outcome-unknown`, `storage-full`, `stream-not-found`.
         *
         *     Scope: `consume`.
         *
         *     Redis: `XGROUP DELCONSUMER`.
         */
        readonly delete: operations["deleteConsumer"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Entries to ack. */
        readonly AckRequest: {
            /** @description The ids of the entries to ack. */
            readonly ids: readonly components["schemas"]["EntryId"][];
            /**
             * @description Ack only entries pending for this consumer. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly consumer?: string;
        };
        /** @description The result of acking entries. */
        readonly AckedEntries: {
            /**
             * Format: int64
             * @description Number of entries that were pending or dead and are now acked.
             */
            readonly acked: number;
            /** @description The ids in the request that were not pending. */
            readonly notPending: readonly components["schemas"]["EntryId"][];
        };
        /** @description Entries to append: all of them or none. */
        readonly AppendEntriesRequest: {
            /** @description The entries, in the order in which to append them. */
            readonly entries: readonly components["schemas"]["NewEntry"][];
            /**
             * @description Create the stream if it does not exist.
             * @default true
             */
            readonly createStream?: boolean;
            readonly trim?: components["schemas"]["Trim"];
        };
        /** @description The ids of appended entries. */
        readonly AppendedIds: {
            /** @description One id for each entry. */
            readonly ids: readonly components["schemas"]["EntryId"][];
        };
        /** @description Which pending entries to claim. */
        readonly AutoClaimRequest: {
            /**
             * @description The consumer that claims, created if it does not exist. 1 to 256 characters without control characters.
             * @example bob
             */
            readonly consumer: string;
            /**
             * Format: int64
             * @description Only entries that have been idle for at least this long, in milliseconds.
             */
            readonly minIdleMs: number;
            /**
             * Format: entry-id
             * @description Scan pending entries from this id on. To continue a scan, send the `next` of the previous response.
             * @default 0-0
             * @example 1767225600000-0
             */
            readonly from?: string;
            /**
             * Format: int32
             * @description Maximum number of entries to claim.
             * @default 100
             */
            readonly count?: number;
            /**
             * Format: int32
             * @description Do not claim entries that were delivered this often or more.
             */
            readonly maxDeliveries?: number;
            /**
             * @description Return entries without fields, and do not count this as a delivery.
             * @default false
             */
            readonly justIds?: boolean;
        };
        /** @description Claimed entries, and where to continue. */
        readonly AutoClaimedEntries: {
            /** @description Where to continue. "0-0" at the end. */
            readonly next: components["schemas"]["EntryId"];
            /** @description The claimed entries. */
            readonly entries: readonly components["schemas"]["ClaimedEntry"][];
            /** @description Pending ids whose entries no longer exist. The request removed them from the pending list. */
            readonly deletedIds: readonly components["schemas"]["EntryId"][];
        };
        /** @description Entries to claim. */
        readonly ClaimRequest: {
            /**
             * @description The consumer that claims, created if it does not exist. 1 to 256 characters without control characters.
             * @example bob
             */
            readonly consumer: string;
            /** @description The ids of the entries to claim. */
            readonly ids: readonly components["schemas"]["EntryId"][];
            /**
             * Format: int64
             * @description Only entries that have been idle for at least this long, in milliseconds.
             * @default 0
             */
            readonly minIdleMs?: number;
            /**
             * Format: int64
             * @description Set the idle time, in milliseconds. Cannot be combined with `deliveredAt`. A delivery before 1970 counts as one in 1970.
             */
            readonly idleMs?: number;
            /**
             * Format: int64
             * @description Set the time of the last delivery, in milliseconds since the epoch. Cannot be combined with `idleMs`. A time in the future means now.
             */
            readonly deliveredAt?: number;
            /**
             * Format: int64
             * @description Set the delivery count instead of incrementing it.
             */
            readonly deliveries?: number;
            /**
             * @description Claim only entries that are pending for this consumer. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly onlyFrom?: string;
            /**
             * @description Also claim entries of the stream that are not pending.
             * @default false
             */
            readonly force?: boolean;
            /**
             * @description Return entries without fields, and do not count this as a delivery.
             * @default false
             */
            readonly justIds?: boolean;
            /** @description Move the group forward to this id. It never moves back, and cannot move past the last id of the stream. Requires the scope `manage`. */
            readonly lastId?: components["schemas"]["EntryId"];
        };
        /** @description Claimed entries. */
        readonly ClaimedEntries: {
            /** @description The claimed entries. */
            readonly entries: readonly components["schemas"]["ClaimedEntry"][];
            /** @description Pending ids whose entries no longer exist. The request removed them from the pending list. */
            readonly deletedIds: readonly components["schemas"]["EntryId"][];
        };
        /** @description A claimed entry. With `justIds`, it has no `fields`. */
        readonly ClaimedEntry: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            readonly fields?: components["schemas"]["Fields"];
            /**
             * Format: int64
             * @description Number of times it was delivered, including this time.
             */
            readonly deliveries: number;
            /** @description The names of fields whose values are base64, because a native Redis client wrote bytes that are not valid UTF-8. Omitted if there are none. */
            readonly base64?: readonly string[];
            /** @description The field names that are base64 themselves, for the same reason. */
            readonly base64Names?: readonly string[];
        };
        /** @description Everything about a consumer. */
        readonly ConsumerDescription: {
            /** @description The name of the consumer. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries.
             */
            readonly pending: number;
            /**
             * Format: int64
             * @description When it last tried to read or claim, in milliseconds since the epoch.
             */
            readonly seenAt: number;
            /**
             * Format: int64
             * @description When it last received an entry, in milliseconds since the epoch. Null if it never has.
             */
            readonly activeAt: number | null;
            /** @description Its pending entries, up to `limit`. */
            readonly pendingEntries: readonly components["schemas"]["PendingOfConsumer"][];
        };
        /** @description A consumer of a group. */
        readonly ConsumerInfo: {
            /** @description The name of the consumer. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries.
             */
            readonly pending: number;
            /**
             * Format: int64
             * @description Time since it last tried to read or claim, in milliseconds.
             */
            readonly idleMs: number;
            /**
             * Format: int64
             * @description Time since it last received an entry, in milliseconds. Null if it never has.
             */
            readonly inactiveMs: number | null;
        };
        /** @description A page of the consumers of a group. */
        readonly ConsumerList: {
            /** @description The consumers of the page. */
            readonly consumers: readonly components["schemas"]["ConsumerInfo"][];
            /** @description Where the next page starts. Omitted on the last page. */
            readonly cursor?: string;
        };
        /** @description A consumer and the number of its pending entries. */
        readonly ConsumerPendingCount: {
            /** @description The name of the consumer. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries.
             */
            readonly count: number;
        };
        /**
         * @description What to do if entries are pending for the consumer: `refuse` the request, `drop` the entries from the pending list, or `release` them, so that they are due at once.
         * @default refuse
         * @enum {string}
         */
        readonly ConsumerPendingPolicy: "refuse" | "drop" | "release";
        /** @description How the group treats entries that are not acked. Null if it has no delivery policy. */
        readonly CurrentDeliveryPolicy: {
            /**
             * Format: int32
             * @description How long a consumer has to ack, nack or extend an entry, in milliseconds. After that, the entry is due: the next reader of the group gets it. If omitted, pending entries do not fall due by themselves.
             */
            readonly ackTimeoutMs?: number;
            /**
             * Format: int32
             * @description After this number of failed deliveries an entry is dead, and is not delivered any more. If omitted, there is no limit.
             */
            readonly maxDeliveries?: number;
            /** @description How long to wait after the first, second and each further failure that a nack reports, before the entry is delivered again, in milliseconds. The last delay repeats. Each delay is varied at random by up to 10 %. If omitted, there is no delay. */
            readonly retryDelaysMs?: readonly number[];
            /**
             * @description The stream to which dead entries are moved. It is created if it does not exist. If omitted, dead entries stay in the group. Requires the scope `append` on that stream. 1 to 256 characters without control characters.
             * @example orders.dead
             */
            readonly deadLetterStream?: string;
            /**
             * Format: int32
             * @description How many entries the dead-letter stream keeps when an entry is moved there. Requires `deadLetterStream`.
             */
            readonly deadLetterMaxLength?: number;
            /**
             * Format: int64
             * @description Consumers without pending entries that were not seen for this long are deleted, in milliseconds. If omitted, consumers are kept.
             */
            readonly consumerTtlMs?: number;
            /**
             * Format: int32
             * @description While the consumers of the group hold this many entries, no consumer gets new ones. If omitted, there is no limit.
             */
            readonly maxPending?: number;
            /**
             * Format: int32
             * @description A consumer that holds this many entries gets no new ones. If omitted, there is no limit.
             */
            readonly maxPendingPerConsumer?: number;
        };
        /** @description An entry that is not delivered any more. */
        readonly DeadEntry: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            /** @description The content of the entry. Null if the entry was deleted or trimmed since. */
            readonly fields: components["schemas"]["Fields"] | null;
            /**
             * Format: int64
             * @description Number of times it was delivered.
             */
            readonly deliveries: number;
            /** @description The consumer that received it last. Null if it was pending for none. */
            readonly consumer: string | null;
            /** @description Why it is dead: the `reason` of a nack, or a sentence of the server. Omitted if there is none. */
            readonly reason?: string;
            /**
             * Format: int64
             * @description When it died, in milliseconds since the epoch.
             */
            readonly deadAt: number;
            /** @description The names of fields whose values are base64, because a native Redis client wrote bytes that are not valid UTF-8. Omitted if there are none. */
            readonly base64?: readonly string[];
            /** @description The field names that are base64 themselves, for the same reason. */
            readonly base64Names?: readonly string[];
        };
        /** @description A page of the dead entries of a group. */
        readonly DeadList: {
            /** @description The entries of the page. */
            readonly dead: readonly components["schemas"]["DeadEntry"][];
            /** @description Where the next page starts. Omitted on the last page. */
            readonly cursor?: string;
        };
        /** @description Entries to delete. */
        readonly DeleteEntriesRequest: {
            /** @description The ids of the entries to delete. */
            readonly ids: readonly components["schemas"]["EntryId"][];
        };
        /** @description The result of deleting a consumer. */
        readonly DeletedConsumer: {
            /**
             * Format: int64
             * @description Number of pending entries that were dropped or released.
             */
            readonly pending: number;
        };
        /** @description The result of deleting entries. */
        readonly DeletedEntries: {
            /**
             * Format: int64
             * @description Number of entries deleted.
             */
            readonly deleted: number;
            /** @description The ids in the request that did not exist. */
            readonly notFound: readonly components["schemas"]["EntryId"][];
        };
        /** @description The stream or group was deleted. */
        readonly Deletion: {
            /** @description Always true: deleting something that does not exist is refused. */
            readonly deleted: boolean;
        };
        /** @description An entry delivered to a consumer. */
        readonly DeliveredEntry: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            /** @description The content of the entry. Null if the entry was deleted while it was pending. */
            readonly fields: components["schemas"]["Fields"] | null;
            /**
             * Format: int64
             * @description Number of times it was delivered, including this time.
             */
            readonly deliveries: number;
            /**
             * Format: int64
             * @description How long the entry had been idle before, in milliseconds. Only for entries that were claimed or fell due.
             */
            readonly idleMs?: number;
            /**
             * Format: int64
             * @description How long the consumer has to ack, nack or extend the entry, in milliseconds. Only in groups with `ackTimeoutMs`.
             */
            readonly ackBeforeMs?: number;
            /** @description The names of fields whose values are base64, because a native Redis client wrote bytes that are not valid UTF-8. Omitted if there are none. */
            readonly base64?: readonly string[];
            /** @description The field names that are base64 themselves, for the same reason. */
            readonly base64Names?: readonly string[];
        };
        /** @description Entries of one of several streams, delivered to a consumer. */
        readonly DeliveredStreamEntries: {
            /** @description The name of the stream. */
            readonly stream: string;
            /**
             * Format: int64
             * @description Number of entries that the request acked. Only if it had `ack` or `nack`, as `nacked` and `notPending`.
             */
            readonly acked?: number;
            /**
             * Format: int64
             * @description Number of entries that the request nacked.
             */
            readonly nacked?: number;
            /** @description The ids in `ack` and `nack` that were not pending for the consumer. */
            readonly notPending?: readonly components["schemas"]["EntryId"][];
            /** @description The entries of this stream that are delivered to the consumer. */
            readonly entries: readonly components["schemas"]["DeliveredEntry"][];
        };
        /** @description How the group treats entries that are not acked. All members are optional. */
        readonly DeliveryPolicy: {
            /**
             * Format: int32
             * @description How long a consumer has to ack, nack or extend an entry, in milliseconds. After that, the entry is due: the next reader of the group gets it. If omitted, pending entries do not fall due by themselves.
             */
            readonly ackTimeoutMs?: number;
            /**
             * Format: int32
             * @description After this number of failed deliveries an entry is dead, and is not delivered any more. If omitted, there is no limit.
             */
            readonly maxDeliveries?: number;
            /** @description How long to wait after the first, second and each further failure that a nack reports, before the entry is delivered again, in milliseconds. The last delay repeats. Each delay is varied at random by up to 10 %. If omitted, there is no delay. */
            readonly retryDelaysMs?: readonly number[];
            /**
             * @description The stream to which dead entries are moved. It is created if it does not exist. If omitted, dead entries stay in the group. Requires the scope `append` on that stream. 1 to 256 characters without control characters.
             * @example orders.dead
             */
            readonly deadLetterStream?: string;
            /**
             * Format: int32
             * @description How many entries the dead-letter stream keeps when an entry is moved there. Requires `deadLetterStream`.
             */
            readonly deadLetterMaxLength?: number;
            /**
             * Format: int64
             * @description Consumers without pending entries that were not seen for this long are deleted, in milliseconds. If omitted, consumers are kept.
             */
            readonly consumerTtlMs?: number;
            /**
             * Format: int32
             * @description While the consumers of the group hold this many entries, no consumer gets new ones. If omitted, there is no limit.
             */
            readonly maxPending?: number;
            /**
             * Format: int32
             * @description A consumer that holds this many entries gets no new ones. If omitted, there is no limit.
             */
            readonly maxPendingPerConsumer?: number;
        };
        /** @description Where a new group starts, and its delivery policy. */
        readonly EnsureGroupRequest: {
            /**
             * Format: entry-id
             * @description The group receives the entries after this position. An id, or `last` for the last id of the stream.
             * @default 0-0
             * @example 1767225600000-0
             */
            readonly after?: string;
            /**
             * @description Create the stream if it does not exist.
             * @default false
             */
            readonly createStream?: boolean;
            /**
             * Format: int64
             * @description Number of entries of the stream that count as read by the group. The lag is computed from it.
             */
            readonly entriesRead?: number;
            readonly delivery?: components["schemas"]["DeliveryPolicy"];
        };
        /** @description Whether a consumer was created. */
        readonly EnsuredConsumer: {
            /** @description False if it already existed. */
            readonly created: boolean;
        };
        /** @description A group, and whether the request created it. */
        readonly EnsuredGroup: {
            /** @description False if it already existed. */
            readonly created: boolean;
            /** @description The name of the group. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries, without dead ones.
             */
            readonly pending: number;
            /** @description The position of the group in the stream: the last id that was delivered to it. */
            readonly lastDeliveredId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries of the stream that it has read. Null if this is not known.
             */
            readonly entriesRead: number | null;
            /**
             * Format: int64
             * @description Number of entries still to be delivered. Null if this is not known.
             */
            readonly lag: number | null;
            /**
             * Format: int64
             * @description Number of consumers.
             */
            readonly consumers: number;
            /**
             * Format: int64
             * @description Number of its pending entries that were nacked and wait to be due.
             */
            readonly delayed: number;
            /**
             * Format: int64
             * @description Number of its dead entries, without those in a dead-letter stream.
             */
            readonly dead: number;
            readonly delivery: components["schemas"]["CurrentDeliveryPolicy"] | null;
            /**
             * Format: int64
             * @description Idle time of the oldest pending entry that still exists, in milliseconds. Null if there is none, and on Redis if more than 1000 entries are pending.
             */
            readonly oldestPendingMs: number | null;
        };
        /** @description A stream, and whether the request created it. */
        readonly EnsuredStream: {
            /** @description False if it already existed. */
            readonly created: boolean;
            /** @description The name of the stream. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of entries.
             */
            readonly length: number;
            /**
             * Format: int64
             * @description Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the whole stream from `MEMORY USAGE`.
             */
            readonly sizeBytes: number;
            /** @description The id of the first entry. Null if the stream is empty. */
            readonly firstId: components["schemas"]["EntryId"] | null;
            /** @description The highest id ever assigned, even if its entry no longer exists. */
            readonly lastId: components["schemas"]["EntryId"];
            /** @description The highest id ever deleted with `deleteEntries`. Trimming does not count. */
            readonly maxDeletedId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries ever appended.
             */
            readonly entriesAdded: number;
            /** @description The first entry. Null if the stream is empty or the entry is damaged. */
            readonly firstEntry: components["schemas"]["StreamEntry"] | null;
            /** @description The last entry. Null if the stream is empty or the entry is damaged. */
            readonly lastEntry: components["schemas"]["StreamEntry"] | null;
            /**
             * Format: int64
             * @description Number of groups.
             */
            readonly groups: number;
        };
        /**
         * Format: entry-id
         * @description The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always contains it.
         * @example 1767225600000-0
         */
        readonly EntryId: string;
        /** @description Entries of a stream. */
        readonly EntryList: {
            /** @description The entries. Empty if there was nothing to read. */
            readonly entries: readonly components["schemas"]["StreamEntry"][];
            /** @description Where to continue: send it as `after`, or with `order=desc` as `before`. Continuing there neither skips nor repeats entries, whatever has been trimmed or deleted since. It is the id of the last entry in the response. If the response has no entries, it is the position from the request, or for "last" the stream's last id at the time of the request. */
            readonly next: components["schemas"]["EntryId"];
        };
        /**
         * @description Oldest or newest first.
         * @default asc
         * @enum {string}
         */
        readonly EntryOrder: "asc" | "desc";
        /** @description Entries whose time to start again. */
        readonly ExtendRequest: {
            /**
             * @description The consumer that holds the entries. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly consumer: string;
            /** @description The ids of the entries to extend. If omitted, those that the consumer holds, earliest due first, at most 1000. */
            readonly ids?: readonly components["schemas"]["EntryId"][];
        };
        /** @description The result of extending entries. */
        readonly ExtendedEntries: {
            /**
             * Format: int64
             * @description Number of entries whose time started again.
             */
            readonly extended: number;
            /** @description The ids in the request that were not pending for this consumer. */
            readonly notPending: readonly components["schemas"]["EntryId"][];
            /**
             * Format: int64
             * @description How long the consumer now has to ack them, in milliseconds. Null if the group has no `ackTimeoutMs`.
             */
            readonly ackBeforeMs: number | null;
            /** @description True if the consumer holds more entries whose time did not start again lately: send the request again. Otherwise omitted. */
            readonly more?: boolean;
        };
        /** @description An invalid part of a request. */
        readonly Fault: {
            /** @description A JSON pointer into the body, or one that starts with `/path`, `/query` or `/headers`. */
            readonly pointer: string;
            /** @description What is wrong with it. */
            readonly detail: string;
        };
        /**
         * @description The content of an entry: names and values, all strings.
         * @example {
         *       "order": "1001",
         *       "total": "49.90"
         *     }
         */
        readonly Fields: {
            readonly [key: string]: string;
        };
        /** @description Everything about a group. */
        readonly GroupDescription: {
            /** @description The name of the group. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries, without dead ones.
             */
            readonly pending: number;
            /** @description The position of the group in the stream: the last id that was delivered to it. */
            readonly lastDeliveredId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries of the stream that it has read. Null if this is not known.
             */
            readonly entriesRead: number | null;
            /**
             * Format: int64
             * @description Number of entries still to be delivered. Null if this is not known.
             */
            readonly lag: number | null;
            /** @description Its pending entries, up to `limit`. */
            readonly pendingEntries: readonly components["schemas"]["PendingOfGroup"][];
            /** @description Its consumers, up to `limit`. */
            readonly consumers: readonly components["schemas"]["ConsumerDescription"][];
        };
        /** @description A consumer group. */
        readonly GroupInfo: {
            /** @description The name of the group. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of its pending entries, without dead ones.
             */
            readonly pending: number;
            /** @description The position of the group in the stream: the last id that was delivered to it. */
            readonly lastDeliveredId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries of the stream that it has read. Null if this is not known.
             */
            readonly entriesRead: number | null;
            /**
             * Format: int64
             * @description Number of entries still to be delivered. Null if this is not known.
             */
            readonly lag: number | null;
            /**
             * Format: int64
             * @description Number of consumers.
             */
            readonly consumers: number;
            /**
             * Format: int64
             * @description Number of its pending entries that were nacked and wait to be due.
             */
            readonly delayed: number;
            /**
             * Format: int64
             * @description Number of its dead entries, without those in a dead-letter stream.
             */
            readonly dead: number;
            readonly delivery: components["schemas"]["CurrentDeliveryPolicy"] | null;
            /**
             * Format: int64
             * @description Idle time of the oldest pending entry that still exists, in milliseconds. Null if there is none, and on Redis if more than 1000 entries are pending.
             */
            readonly oldestPendingMs: number | null;
        };
        /** @description A page of the groups of a stream. */
        readonly GroupList: {
            /** @description The groups of the page. */
            readonly groups: readonly components["schemas"]["GroupInfo"][];
            /** @description Where the next page starts. Omitted on the last page. */
            readonly cursor?: string;
        };
        /**
         * @description What to do if entries are pending: `refuse` the request, or `drop` the entries from the pending list.
         * @default refuse
         * @enum {string}
         */
        readonly GroupPendingPolicy: "refuse" | "drop";
        /** @description Entries delivered to a consumer. */
        readonly GroupRead: {
            /**
             * Format: int64
             * @description Number of entries that the request acked. Only if it had `ack` or `nack`, as `nacked` and `notPending`.
             */
            readonly acked?: number;
            /**
             * Format: int64
             * @description Number of entries that the request nacked.
             */
            readonly nacked?: number;
            /** @description The ids in `ack` and `nack` that were not pending for the consumer. */
            readonly notPending?: readonly components["schemas"]["EntryId"][];
            /** @description The entries delivered to the consumer. */
            readonly entries: readonly components["schemas"]["DeliveredEntry"][];
        };
        /** @description A stream to read as a consumer. */
        readonly GroupReadPlace: {
            /**
             * @description The name of the stream. 1 to 256 characters without control characters.
             * @example orders
             */
            readonly stream: string;
            /** @description Return the pending entries of the consumer after this id instead of new entries, without waiting. */
            readonly after?: components["schemas"]["EntryId"];
            /** @description Ack these entries before reading, if they are pending for the consumer. The list may be empty. */
            readonly ack?: readonly components["schemas"]["EntryId"][];
            /** @description Nack these entries before reading, if they are pending for the consumer. The list may be empty. A request acks and nacks at most 1000 entries. */
            readonly nack?: readonly components["schemas"]["Nack"][];
        };
        /** @description Entries of several streams, delivered to a consumer. */
        readonly GroupsRead: {
            /** @description Only streams that have entries, or in which the request settled some. */
            readonly streams: readonly components["schemas"]["DeliveredStreamEntries"][];
        };
        /** @description The process is alive. */
        readonly Liveness: {
            /** @description Always true. */
            readonly alive: boolean;
        };
        /** @description Entries to nack with the same outcome. */
        readonly Nack: {
            /** @description The ids of the entries to nack. */
            readonly ids: readonly components["schemas"]["EntryId"][];
            readonly outcome: components["schemas"]["NackOutcome"];
            /**
             * Format: int32
             * @description How long to wait before the entry is delivered again, in milliseconds, instead of the delay of the group's delivery policy. Only with `retry`.
             */
            readonly delayMs?: number;
            /**
             * @description Why the delivery failed, in at most 1024 bytes of UTF-8. It is kept if the entry is dead.
             * @example The card was declined
             */
            readonly reason?: string;
        };
        /**
         * @description `retry`: the delivery failed, and the entry is delivered again later, or is dead if it has no deliveries left. `release`: the delivery does not count, and the entry is due at once. `reject`: the entry is dead at once.
         * @enum {string}
         */
        readonly NackOutcome: "retry" | "release" | "reject";
        /** @description Entries to nack, and what to do with them. */
        readonly NackRequest: {
            /** @description The ids of the entries to nack. */
            readonly ids: readonly components["schemas"]["EntryId"][];
            readonly outcome: components["schemas"]["NackOutcome"];
            /**
             * Format: int32
             * @description How long to wait before the entry is delivered again, in milliseconds, instead of the delay of the group's delivery policy. Only with `retry`.
             */
            readonly delayMs?: number;
            /**
             * @description Why the delivery failed, in at most 1024 bytes of UTF-8. It is kept if the entry is dead.
             * @example The card was declined
             */
            readonly reason?: string;
            /**
             * @description Nack only entries pending for this consumer. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly consumer?: string;
        };
        /** @description The result of nacking entries. */
        readonly NackedEntries: {
            /**
             * Format: int64
             * @description Number of entries that were pending and are now nacked.
             */
            readonly nacked: number;
            /** @description The ids in the request that were not pending. */
            readonly notPending: readonly components["schemas"]["EntryId"][];
        };
        /** @description An entry to append. */
        readonly NewEntry: {
            /**
             * @description The content of the entry: names and values, all strings. At most 1000 fields per entry and 100000 per request.
             * @example {
             *       "order": "1001",
             *       "total": "49.90"
             *     }
             */
            readonly fields: {
                readonly [key: string]: string;
            };
            /**
             * Format: entry-id
             * @description The id of the entry, greater than the last one. If omitted, the entry gets the next id. `<ms>-*` means the next id in that millisecond, and `<ms>` means `<ms>-0`.
             * @example 1767225600000-0
             */
            readonly id?: string;
        };
        /** @description An OpenAPI document. */
        readonly OpenApiDocument: {
            /** @description The version of OpenAPI. */
            readonly openapi: string;
        } & {
            readonly [key: string]: unknown;
        };
        /** @description An entry that was delivered but not yet acked. */
        readonly PendingEntry: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            /** @description The consumer that it is pending for. Null if it was nacked. */
            readonly consumer: string | null;
            /**
             * Format: int64
             * @description Time since it was last delivered or extended, in milliseconds. For a nacked entry, time since it fell due.
             */
            readonly idleMs: number;
            /**
             * Format: int64
             * @description Number of times it was delivered.
             */
            readonly deliveries: number;
            /** @description `leased`: its consumer is processing it. `due`: the next reader of the group gets it, but until then its consumer may still ack it. `delayed`: it was nacked and waits to be due. */
            readonly state: string;
            /**
             * Format: int64
             * @description Time until it is due, in milliseconds. Omitted if it is due, or never falls due by itself.
             */
            readonly dueInMs?: number;
        };
        /** @description Pending entries. */
        readonly PendingList: {
            /** @description The entries of the page. */
            readonly pending: readonly components["schemas"]["PendingEntry"][];
        };
        /** @description A pending entry in the description of a consumer. */
        readonly PendingOfConsumer: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description When it was last delivered, in milliseconds since the epoch.
             */
            readonly deliveredAt: number;
            /**
             * Format: int64
             * @description Number of times it was delivered.
             */
            readonly deliveries: number;
        };
        /** @description A pending entry in the description of a group. */
        readonly PendingOfGroup: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description When it was last delivered, in milliseconds since the epoch.
             */
            readonly deliveredAt: number;
            /**
             * Format: int64
             * @description Number of times it was delivered.
             */
            readonly deliveries: number;
            /** @description The consumer that it is pending for. Null if it was nacked. */
            readonly consumer: string | null;
        };
        /** @description A summary of the pending entries of a group. */
        readonly PendingSummary: {
            /**
             * Format: int64
             * @description Number of pending entries.
             */
            readonly count: number;
            /** @description The lowest pending id. Null if nothing is pending. */
            readonly firstId: components["schemas"]["EntryId"] | null;
            /** @description The highest pending id. Null if nothing is pending. */
            readonly lastId: components["schemas"]["EntryId"] | null;
            /** @description Consumers that have pending entries. */
            readonly consumers: readonly components["schemas"]["ConsumerPendingCount"][];
            /** @description Where the next page starts. Omitted on the last page. */
            readonly cursor?: string;
        };
        /** @description Why a request was refused (RFC 9457). */
        readonly Problem: {
            /** @description `urn:weir:problem:` followed by the code. */
            readonly type: string;
            /** @description A short description of the code. */
            readonly title: string;
            /**
             * Format: int32
             * @description The HTTP status code.
             */
            readonly status: number;
            /** @description A sentence that explains what is wrong with this request. */
            readonly detail: string;
            /** @description Why the request was refused. The meaning of a code never changes, but new codes may be added. */
            readonly code: string;
            /** @description Whether the same request may succeed later. */
            readonly retryable: boolean;
            /** @description Whether the request may have changed something although it was refused: `none` or `possible`. */
            readonly sideEffects: string;
            /** @description The id of the request, which also appears in the log. */
            readonly requestId: string;
            /**
             * Format: int32
             * @description How long to wait before retrying, in milliseconds. The same as in the header `Retry-After`.
             */
            readonly retryAfterMs?: number;
            /** @description The invalid parts of the request. */
            readonly errors?: readonly components["schemas"]["Fault"][];
        };
        /** @description Which consumer reads, and how much. */
        readonly ReadGroupRequest: {
            /**
             * @description The consumer that reads, created if it does not exist. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly consumer: string;
            /**
             * Format: int32
             * @description Maximum number of entries per stream.
             * @default 10
             */
            readonly count?: number;
            /**
             * Format: int32
             * @description How long to wait if there are no entries, in milliseconds. With 0, the request does not wait.
             * @default 0
             */
            readonly waitMs?: number;
            /**
             * @description Deliver entries without making them pending. They need no ack.
             * @default false
             */
            readonly noAck?: boolean;
            /**
             * Format: int64
             * @description Before new entries, claim pending entries of any consumer that have been idle for at least this long, in milliseconds. Not allowed in groups with `ackTimeoutMs`, where entries come back by themselves.
             */
            readonly claimIdleMs?: number;
            /**
             * Format: int32
             * @description Do not claim entries that were delivered this often or more. Only with `claimIdleMs`.
             */
            readonly maxDeliveries?: number;
            /** @description Return the pending entries of the consumer after this id instead of new entries, without waiting. */
            readonly after?: components["schemas"]["EntryId"];
            /** @description Ack these entries before reading, if they are pending for the consumer. The list may be empty. */
            readonly ack?: readonly components["schemas"]["EntryId"][];
            /** @description Nack these entries before reading, if they are pending for the consumer. The list may be empty. A request acks and nacks at most 1000 entries. */
            readonly nack?: readonly components["schemas"]["Nack"][];
        };
        /** @description Which consumer reads, from which streams, and how much. */
        readonly ReadGroupsRequest: {
            /** @description The streams to read. */
            readonly streams: readonly components["schemas"]["GroupReadPlace"][];
            /**
             * @description The consumer that reads, created if it does not exist. 1 to 256 characters without control characters.
             * @example ann
             */
            readonly consumer: string;
            /**
             * Format: int32
             * @description Maximum number of entries per stream.
             * @default 10
             */
            readonly count?: number;
            /**
             * Format: int32
             * @description How long to wait if there are no entries, in milliseconds. With 0, the request does not wait.
             * @default 0
             */
            readonly waitMs?: number;
            /**
             * @description Deliver entries without making them pending. They need no ack.
             * @default false
             */
            readonly noAck?: boolean;
            /**
             * Format: int64
             * @description Before new entries, claim pending entries of any consumer that have been idle for at least this long, in milliseconds. Not allowed in groups with `ackTimeoutMs`, where entries come back by themselves.
             */
            readonly claimIdleMs?: number;
            /**
             * Format: int32
             * @description Do not claim entries that were delivered this often or more. Only with `claimIdleMs`.
             */
            readonly maxDeliveries?: number;
        };
        /** @description A stream, and where to start reading it. */
        readonly ReadPlace: {
            /**
             * @description The name of the stream. 1 to 256 characters without control characters.
             * @example orders
             */
            readonly stream: string;
            /**
             * Format: entry-id
             * @description Read the entries after this position. An id, or `last` for the last id of the stream.
             * @example 1767225600000-0
             */
            readonly after: string;
        };
        /** @description Streams to read, and where to start. */
        readonly ReadStreamsRequest: {
            /** @description The streams to read. */
            readonly streams: readonly components["schemas"]["ReadPlace"][];
            /**
             * Format: int32
             * @description Maximum number of entries per stream.
             * @default 10
             */
            readonly count?: number;
            /**
             * Format: int32
             * @description How long to wait if there are no entries, in milliseconds. With 0, the request does not wait.
             * @default 0
             */
            readonly waitMs?: number;
        };
        /** @description The server is ready. */
        readonly Readiness: {
            /** @description Always true. */
            readonly ready: boolean;
            readonly storage?: components["schemas"]["StorageState"];
            /** @description The servers that store the streams. Omitted by an engine that stores them itself. */
            readonly servers?: readonly components["schemas"]["StorageServer"][];
        };
        /** @description Which dead entries to redrive. */
        readonly RedriveRequest: {
            /** @description The ids of the entries to redrive. For entries in the dead-letter stream, these are the ids of the original entries. If omitted, the first dead entries are redriven. */
            readonly ids?: readonly components["schemas"]["EntryId"][];
            /**
             * Format: int32
             * @description Maximum number of entries to redrive. Ids in the request beyond it are in no list of the response.
             * @default 1000
             */
            readonly limit?: number;
        };
        /** @description The result of redriving entries. */
        readonly RedrivenEntries: {
            /**
             * Format: int64
             * @description Number of entries that were dead and are now due.
             */
            readonly redriven: number;
            /** @description The ids in the request that are not dead. */
            readonly notDead: readonly components["schemas"]["EntryId"][];
            /** @description Dead entries whose original was deleted or trimmed. They stay where they are. At most 1000 ids. */
            readonly missing: readonly components["schemas"]["EntryId"][];
        };
        /** @description The new last id and counters of the stream. */
        readonly SetStreamIdRequest: {
            /** @description The new last id. It cannot be less than the id of an entry that the stream contains. */
            readonly lastId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description The new number of entries ever appended.
             */
            readonly entriesAdded?: number;
            /** @description The new highest id ever deleted with `deleteEntries`. */
            readonly maxDeletedId?: components["schemas"]["EntryId"];
        };
        /** @description A server that stores streams. */
        readonly StorageServer: {
            /** @description The address of the server. */
            readonly address: string;
            /** @description The name and version that the server reports. */
            readonly server: string;
            /** @description Whether the server can serve requests now. */
            readonly isReady: boolean;
            /**
             * Format: int64
             * @description How often the connection to the server was lost and restored.
             */
            readonly reconnects: number;
        };
        /** @description The state of the data directory. Omitted by an engine without one. */
        readonly StorageState: {
            /**
             * Format: int64
             * @description Size of the data files in bytes, including free space in them.
             */
            readonly diskBytes: number;
            /**
             * Format: int64
             * @description Bytes of the journal that a restart would have to read.
             */
            readonly journalBytes: number;
            /**
             * Format: int64
             * @description Number of journal segments that are no longer needed but cannot be deleted.
             */
            readonly undeletedSegments: number;
            /**
             * Format: int64
             * @description Memory used by blocks of entries, in bytes.
             */
            readonly memoryBytes: number;
            /**
             * Format: int64
             * @description When the last checkpoint finished, in milliseconds since the epoch. Null before the first checkpoint since the start.
             */
            readonly checkpointAt: number | null;
            /**
             * Format: double
             * @description How long the last checkpoint took.
             */
            readonly checkpointSeconds: number | null;
            /** @description Why the last checkpoint failed. Omitted if it succeeded. The journal grows until a checkpoint succeeds. */
            readonly checkpointError?: string;
        };
        /** @description Everything about a stream. */
        readonly StreamDescription: {
            /** @description The name of the stream. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of entries.
             */
            readonly length: number;
            /**
             * Format: int64
             * @description Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the whole stream from `MEMORY USAGE`.
             */
            readonly sizeBytes: number;
            /** @description The id of the first entry. Null if the stream is empty. */
            readonly firstId: components["schemas"]["EntryId"] | null;
            /** @description The highest id ever assigned, even if its entry no longer exists. */
            readonly lastId: components["schemas"]["EntryId"];
            /** @description The highest id ever deleted with `deleteEntries`. Trimming does not count. */
            readonly maxDeletedId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries ever appended.
             */
            readonly entriesAdded: number;
            /** @description The first entry. Null if the stream is empty or the entry is damaged. */
            readonly firstEntry: components["schemas"]["StreamEntry"] | null;
            /** @description The last entry. Null if the stream is empty or the entry is damaged. */
            readonly lastEntry: components["schemas"]["StreamEntry"] | null;
            /** @description Its first entries, up to `limit`. */
            readonly entries: readonly components["schemas"]["StreamEntry"][];
            /** @description Its groups, up to `limit`. */
            readonly groups: readonly components["schemas"]["GroupDescription"][];
            /** @description Whether something within `limit` was left out because the response is full. */
            readonly truncated: boolean;
        };
        /** @description An entry of a stream. */
        readonly StreamEntry: {
            /** @description The id of the entry. */
            readonly id: components["schemas"]["EntryId"];
            readonly fields: components["schemas"]["Fields"];
            /** @description The names of fields whose values are base64, because a native Redis client wrote bytes that are not valid UTF-8. Omitted if there are none. */
            readonly base64?: readonly string[];
            /** @description The field names that are base64 themselves, for the same reason. */
            readonly base64Names?: readonly string[];
        };
        /** @description A stream. */
        readonly StreamInfo: {
            /** @description The name of the stream. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of entries.
             */
            readonly length: number;
            /**
             * Format: int64
             * @description Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the whole stream from `MEMORY USAGE`.
             */
            readonly sizeBytes: number;
            /** @description The id of the first entry. Null if the stream is empty. */
            readonly firstId: components["schemas"]["EntryId"] | null;
            /** @description The highest id ever assigned, even if its entry no longer exists. */
            readonly lastId: components["schemas"]["EntryId"];
            /** @description The highest id ever deleted with `deleteEntries`. Trimming does not count. */
            readonly maxDeletedId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries ever appended.
             */
            readonly entriesAdded: number;
            /** @description The first entry. Null if the stream is empty or the entry is damaged. */
            readonly firstEntry: components["schemas"]["StreamEntry"] | null;
            /** @description The last entry. Null if the stream is empty or the entry is damaged. */
            readonly lastEntry: components["schemas"]["StreamEntry"] | null;
            /**
             * Format: int64
             * @description Number of groups.
             */
            readonly groups: number;
        };
        /** @description A page of streams. */
        readonly StreamList: {
            /** @description The streams of the page. */
            readonly streams: readonly components["schemas"]["StreamSummary"][];
            /** @description Where the next page starts. Omitted on the last page. */
            readonly cursor?: string;
        };
        /** @description Entries of one of several streams. */
        readonly StreamRead: {
            /** @description The name of the stream. */
            readonly stream: string;
            /** @description Its entries. Empty if there was nothing to read. */
            readonly entries: readonly components["schemas"]["StreamEntry"][];
            /** @description Where to continue in this stream: send it as `after`. Continuing there neither skips nor repeats entries, whatever has been trimmed or deleted since. It is the id of the last entry in the response. If the response has no entries, it is the position from the request, or for "last" the stream's last id at the time of the request. */
            readonly next: components["schemas"]["EntryId"];
        };
        /** @description A stream in a list of streams. */
        readonly StreamSummary: {
            /** @description The name of the stream. */
            readonly name: string;
            /**
             * Format: int64
             * @description Number of entries.
             */
            readonly length: number;
            /**
             * Format: int64
             * @description Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the whole stream from `MEMORY USAGE`.
             */
            readonly sizeBytes: number;
            /** @description The highest id ever assigned. */
            readonly lastId: components["schemas"]["EntryId"];
            /**
             * Format: int64
             * @description Number of entries ever appended.
             */
            readonly entriesAdded: number;
            /**
             * Format: int64
             * @description Number of groups.
             */
            readonly groups: number;
        };
        /** @description Entries of several streams. */
        readonly StreamsRead: {
            /** @description One item for each stream of the request. */
            readonly streams: readonly components["schemas"]["StreamRead"][];
        };
        /** @description What to keep of a stream: set `maxLength` or `minId`. */
        readonly Trim: {
            /**
             * Format: int64
             * @description Keep at most this many of the newest entries. Cannot be combined with `minId`.
             */
            readonly maxLength?: number;
            /** @description Keep only entries from this id on. Cannot be combined with `maxLength`. */
            readonly minId?: components["schemas"]["EntryId"];
            /**
             * @description Remove only whole blocks. This is cheaper, but may keep some more entries.
             * @default false
             */
            readonly approximate?: boolean;
            /**
             * Format: int64
             * @description Remove at most this many entries. Only allowed with `approximate`.
             */
            readonly limit?: number;
        };
        /** @description What to keep: set either `maxLength` or `minId`. */
        readonly TrimStreamRequest: {
            /**
             * Format: int64
             * @description Keep at most this many of the newest entries. Cannot be combined with `minId`.
             */
            readonly maxLength?: number;
            /** @description Keep only entries from this id on. Cannot be combined with `maxLength`. */
            readonly minId?: components["schemas"]["EntryId"];
            /**
             * @description Remove only whole blocks. This is cheaper, but may keep some more entries.
             * @default false
             */
            readonly approximate?: boolean;
            /**
             * Format: int64
             * @description Remove at most this many entries. Only allowed with `approximate`.
             */
            readonly limit?: number;
        };
        /** @description The result of trimming a stream. */
        readonly TrimmedStream: {
            /**
             * Format: int64
             * @description Number of entries removed.
             */
            readonly trimmed: number;
        };
        /** @description The new position and delivery policy of the group. */
        readonly UpdateGroupRequest: {
            /**
             * Format: entry-id
             * @description The group receives the entries after this position. If omitted, the group keeps its position. An id, or `last` for the last id of the stream.
             * @example 1767225600000-0
             */
            readonly after?: string;
            /**
             * Format: int64
             * @description Number of entries of the stream that count as read by the group. The lag is computed from it.
             */
            readonly entriesRead?: number;
            readonly delivery?: components["schemas"]["DeliveryPolicy"];
        };
    };
    responses: {
        /**
         * @description The request was refused. The response is a problem (RFC 9457), whatever the status. The meaning of its `code` never changes, `retryable` shows whether retrying may help, and `sideEffects` shows whether something may have changed anyway. The `x-codes` of an operation are the codes with which it may be refused. A request that matches no operation is refused with `not-found` or `method-not-allowed`.
         *
         *     These are all codes. New ones may be added.
         *
         *     - `body-too-large` (413): The body is too large.
         *     - `consumer-has-pending` (409): The consumer has pending entries.
         *     - `consumer-not-found` (404): No such consumer.
         *     - `dead-letter-cycle` (409): Dead letters would come back to their stream.
         *     - `draining` (503): The server is shutting down.
         *     - `engine-unavailable` (503): The engine is unavailable.
         *     - `entry-damaged` (500): The entry is damaged on disk.
         *     - `entry-not-found` (404): No such entry.
         *     - `forbidden` (403): The token does not allow this.
         *     - `group-exists` (412): The group already exists.
         *     - `group-has-pending` (409): The group has pending entries.
         *     - `group-not-found` (404): No such group.
         *     - `headers-too-large` (431): The headers are too large.
         *     - `host-not-allowed` (403): The host is not allowed.
         *     - `id-not-greater` (409): The id is not greater than the last id.
         *     - `id-too-high` (409): The id is greater than the last id.
         *     - `ids-exhausted` (409): No ids are left.
         *     - `internal` (500): Internal error.
         *     - `invalid-id` (400): Invalid entry id.
         *     - `invalid-request` (400): Invalid request.
         *     - `limit-reached` (503): Limit reached.
         *     - `method-not-allowed` (405): Method not allowed.
         *     - `not-found` (404): No such path.
         *     - `origin-not-allowed` (403): The origin is not allowed.
         *     - `outcome-unknown` (504): The outcome is unknown.
         *     - `overloaded` (503): The server is overloaded.
         *     - `rate-limited` (429): Too many requests per second.
         *     - `request-timeout` (408): The request took too long to arrive.
         *     - `storage-failed` (503): Storage has failed.
         *     - `storage-full` (507): Storage is full.
         *     - `stream-conflict` (409): The name is taken by something else.
         *     - `stream-exists` (412): The stream already exists.
         *     - `stream-not-found` (404): No such stream.
         *     - `too-many-bytes` (429): Too many buffered bytes for one client.
         *     - `too-many-waiting` (429): Too many waiting readers.
         *     - `unauthenticated` (401): A valid token is required.
         *     - `unsupported-media-type` (415): The media type or encoding of the body is not supported.
         */
        readonly Problem: {
            headers: {
                /** @description How many seconds to wait before retrying. Sent with 429 and 503. */
                readonly "Retry-After"?: number;
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:weir:problem:invalid-id",
                 *       "title": "Invalid entry id",
                 *       "status": 400,
                 *       "detail": "/ids/0: \"1-\" is not a valid id",
                 *       "code": "invalid-id",
                 *       "retryable": false,
                 *       "sideEffects": "none",
                 *       "requestId": "UqGx2dNb-1f",
                 *       "errors": [
                 *         {
                 *           "pointer": "/ids/0",
                 *           "detail": "\"1-\" is not a valid id"
                 *         }
                 *       ]
                 *     }
                 */
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getLiveness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The process is alive. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "alive": true
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Liveness"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The server is ready. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true,
                     *       "storage": {
                     *         "diskBytes": 71303168,
                     *         "journalBytes": 120448,
                     *         "undeletedSegments": 0,
                     *         "memoryBytes": 16384,
                     *         "checkpointAt": 1767225600000,
                     *         "checkpointSeconds": 0.021
                     *       }
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getMetrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The metrics. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # TYPE weir_readers_waiting gauge
                     *     weir_readers_waiting 10
                     */
                    readonly "text/plain": string;
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getOpenApi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The document. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.0.3"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listStreams: {
        readonly parameters: {
            readonly query?: {
                /** @description Only streams whose names start with this. */
                readonly prefix?: string;
                /** @description Maximum number of streams on the page. */
                readonly limit?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of streams. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "streams": [
                     *         {
                     *           "name": "orders",
                     *           "length": 2,
                     *           "sizeBytes": 64,
                     *           "lastId": "1767225600000-1",
                     *           "entriesAdded": 2,
                     *           "groups": 1
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "length": 2,
                     *       "sizeBytes": 64,
                     *       "firstId": "1767225600000-0",
                     *       "lastId": "1767225600000-1",
                     *       "maxDeletedId": "0-0",
                     *       "entriesAdded": 2,
                     *       "firstEntry": {
                     *         "id": "1767225600000-0",
                     *         "fields": {
                     *           "order": "1001",
                     *           "total": "49.90"
                     *         }
                     *       },
                     *       "lastEntry": {
                     *         "id": "1767225600000-1",
                     *         "fields": {
                     *           "order": "1002",
                     *           "total": "12.00"
                     *         }
                     *       },
                     *       "groups": 1
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamInfo"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly ensureStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description With `*`, the request is refused if the stream or group already exists. No other value is allowed. */
                readonly "if-none-match"?: string;
            };
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream, and whether the request created it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": true,
                     *       "name": "orders",
                     *       "length": 0,
                     *       "sizeBytes": 0,
                     *       "firstId": null,
                     *       "lastId": "0-0",
                     *       "maxDeletedId": "0-0",
                     *       "entriesAdded": 0,
                     *       "groups": 0,
                     *       "firstEntry": null,
                     *       "lastEntry": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["EnsuredStream"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly deleteStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream was deleted. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Deletion"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly setStreamId: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        /** @description The new last id and counters of the stream. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "lastId": "1767225600000-1",
                 *       "entriesAdded": 2,
                 *       "maxDeletedId": "0-0"
                 *     }
                 */
                readonly "application/json": components["schemas"]["SetStreamIdRequest"];
            };
        };
        readonly responses: {
            /** @description The changed stream. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "length": 2,
                     *       "sizeBytes": 64,
                     *       "firstId": "1767225600000-0",
                     *       "lastId": "1767225600000-1",
                     *       "maxDeletedId": "0-0",
                     *       "entriesAdded": 2,
                     *       "firstEntry": {
                     *         "id": "1767225600000-0",
                     *         "fields": {
                     *           "order": "1001",
                     *           "total": "49.90"
                     *         }
                     *       },
                     *       "lastEntry": {
                     *         "id": "1767225600000-1",
                     *         "fields": {
                     *           "order": "1002",
                     *           "total": "12.00"
                     *         }
                     *       },
                     *       "groups": 1
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamInfo"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly describeStream: {
        readonly parameters: {
            readonly query?: {
                /** @description Maximum length of each list. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stream, with at most `limit` items in each list. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "orders",
                     *       "length": 2,
                     *       "sizeBytes": 64,
                     *       "firstId": "1767225600000-0",
                     *       "lastId": "1767225600000-1",
                     *       "maxDeletedId": "0-0",
                     *       "entriesAdded": 2,
                     *       "firstEntry": {
                     *         "id": "1767225600000-0",
                     *         "fields": {
                     *           "order": "1001",
                     *           "total": "49.90"
                     *         }
                     *       },
                     *       "lastEntry": {
                     *         "id": "1767225600000-1",
                     *         "fields": {
                     *           "order": "1002",
                     *           "total": "12.00"
                     *         }
                     *       },
                     *       "entries": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           }
                     *         },
                     *         {
                     *           "id": "1767225600000-1",
                     *           "fields": {
                     *             "order": "1002",
                     *             "total": "12.00"
                     *           }
                     *         }
                     *       ],
                     *       "groups": [
                     *         {
                     *           "name": "billing",
                     *           "pending": 1,
                     *           "lastDeliveredId": "1767225600000-0",
                     *           "entriesRead": 1,
                     *           "lag": 1,
                     *           "pendingEntries": [
                     *             {
                     *               "id": "1767225600000-0",
                     *               "deliveredAt": 1767225601000,
                     *               "deliveries": 1,
                     *               "consumer": "ann"
                     *             }
                     *           ],
                     *           "consumers": [
                     *             {
                     *               "name": "ann",
                     *               "pending": 1,
                     *               "seenAt": 1767225601000,
                     *               "activeAt": 1767225601000,
                     *               "pendingEntries": [
                     *                 {
                     *                   "id": "1767225600000-0",
                     *                   "deliveredAt": 1767225601000,
                     *                   "deliveries": 1
                     *                 }
                     *               ]
                     *             },
                     *             {
                     *               "name": "bob",
                     *               "pending": 0,
                     *               "seenAt": 1767225601000,
                     *               "activeAt": null,
                     *               "pendingEntries": []
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "truncated": false
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamDescription"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listEntries: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The first id of the range. If omitted, the range starts at the first entry.
                 * @example 1767225600000-0
                 */
                readonly from?: components["schemas"]["EntryId"];
                /**
                 * @description The range starts after this position. Cannot be combined with `from`. With "last", it contains only entries appended from now on. An id, or `last` for the last id of the stream.
                 * @example 1767225600000-0
                 */
                readonly after?: string;
                /**
                 * @description The last id of the range. If omitted, the range ends at the last entry. If `-<seq>` is omitted, the sequence number is the highest possible one.
                 * @example 1767225600000-0
                 */
                readonly to?: components["schemas"]["EntryId"];
                /**
                 * @description The range ends before this id. Cannot be combined with `to`. If `-<seq>` is omitted, the sequence number is the highest possible one.
                 * @example 1767225600000-0
                 */
                readonly before?: components["schemas"]["EntryId"];
                /** @description Oldest or newest first. */
                readonly order?: components["schemas"]["EntryOrder"];
                /** @description Maximum number of entries on the page. */
                readonly limit?: number;
                /** @description How long to wait if there are no entries, in milliseconds. With 0, the request does not wait. */
                readonly waitMs?: number;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The entries. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           }
                     *         },
                     *         {
                     *           "id": "1767225600000-1",
                     *           "fields": {
                     *             "order": "1002",
                     *             "total": "12.00"
                     *           }
                     *         }
                     *       ],
                     *       "next": "1767225600000-1"
                     *     }
                     */
                    readonly "application/json": components["schemas"]["EntryList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly appendEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries to append: all of them or none. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "entries": [
                 *         {
                 *           "fields": {
                 *             "order": "1001",
                 *             "total": "49.90"
                 *           }
                 *         },
                 *         {
                 *           "fields": {
                 *             "order": "1002",
                 *             "total": "12.00"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["AppendEntriesRequest"];
            };
        };
        readonly responses: {
            /** @description The ids of the new entries, in the order of the request. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ids": [
                     *         "1767225600000-0",
                     *         "1767225600000-1"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["AppendedIds"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getEntry: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The id of the entry.
                 * @example 1767225600000-0
                 */
                readonly id: components["schemas"]["EntryId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The entry. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1767225600000-0",
                     *       "fields": {
                     *         "order": "1001",
                     *         "total": "49.90"
                     *       }
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamEntry"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly deleteEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries to delete. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "1767225600000-0",
                 *         "1767225600000-7"
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["DeleteEntriesRequest"];
            };
        };
        readonly responses: {
            /** @description How many entries were deleted, and which did not exist. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": 1,
                     *       "notFound": [
                     *         "1767225600000-7"
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["DeletedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly trimStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        /** @description What to keep: set either `maxLength` or `minId`. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "maxLength": 1
                 *     }
                 */
                readonly "application/json": components["schemas"]["TrimStreamRequest"];
            };
        };
        readonly responses: {
            /** @description The number of entries removed. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "trimmed": 1
                     *     }
                     */
                    readonly "application/json": components["schemas"]["TrimmedStream"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly tailEntries: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The first id of the range. If omitted, the range starts at the first entry.
                 * @example 1767225600000-0
                 */
                readonly from?: components["schemas"]["EntryId"];
                /**
                 * @description The tail starts after this position. Cannot be combined with `from`. With "last", it contains only entries appended from now on. An id, or `last` for the last id of the stream.
                 * @example 1767225600000-0
                 */
                readonly after?: string;
                /** @description Maximum number of entries to read from the stream at a time. */
                readonly limit?: number;
                /**
                 * @description The tail starts after this id. It takes precedence over `from` and `after`. The header `Last-Event-ID`, which browsers send, means the same, and takes precedence over this parameter.
                 * @example 1767225600000-0
                 */
                readonly lastEventId?: components["schemas"]["EntryId"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description An endless sequence of events. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 1767225600000-0
                     *     data: {"id":"1767225600000-0","fields":{"order":"1001","total":"49.90"}}
                     *
                     *     id: 1767225600000-1
                     *     data: {"id":"1767225600000-1","fields":{"order":"1002","total":"12.00"}}
                     */
                    readonly "text/event-stream": string;
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listGroups: {
        readonly parameters: {
            readonly query?: {
                /** @description Maximum number of groups on the page. */
                readonly limit?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of groups. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "groups": [
                     *         {
                     *           "name": "billing",
                     *           "pending": 1,
                     *           "lastDeliveredId": "1767225600000-0",
                     *           "entriesRead": 1,
                     *           "lag": 1,
                     *           "delayed": 0,
                     *           "dead": 0,
                     *           "delivery": null,
                     *           "consumers": 2,
                     *           "oldestPendingMs": 4200
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["GroupList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The group. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "billing",
                     *       "pending": 1,
                     *       "lastDeliveredId": "1767225600000-0",
                     *       "entriesRead": 1,
                     *       "lag": 1,
                     *       "delayed": 0,
                     *       "dead": 0,
                     *       "delivery": null,
                     *       "consumers": 2,
                     *       "oldestPendingMs": 4200
                     *     }
                     */
                    readonly "application/json": components["schemas"]["GroupInfo"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly ensureGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description With `*`, the request is refused if the stream or group already exists. No other value is allowed. */
                readonly "if-none-match"?: string;
            };
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Where a new group starts, and its delivery policy. */
        readonly requestBody?: {
            readonly content: {
                /**
                 * @example {
                 *       "after": "0-0"
                 *     }
                 */
                readonly "application/json": components["schemas"]["EnsureGroupRequest"];
            };
        };
        readonly responses: {
            /** @description The group, and whether the request created it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": true,
                     *       "name": "billing",
                     *       "consumers": 0,
                     *       "pending": 0,
                     *       "delayed": 0,
                     *       "dead": 0,
                     *       "delivery": null,
                     *       "lastDeliveredId": "0-0",
                     *       "entriesRead": null,
                     *       "lag": 2,
                     *       "oldestPendingMs": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["EnsuredGroup"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly deleteGroup: {
        readonly parameters: {
            readonly query?: {
                /** @description What to do if entries are pending: `refuse` the request, or `drop` the entries from the pending list. */
                readonly pending?: components["schemas"]["GroupPendingPolicy"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The group was deleted. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true
                     *     }
                     */
                    readonly "application/json": components["schemas"]["Deletion"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly updateGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description The new position and delivery policy of the group. */
        readonly requestBody?: {
            readonly content: {
                /**
                 * @example {
                 *       "after": "1767225600000-0",
                 *       "entriesRead": 1,
                 *       "delivery": {
                 *         "ackTimeoutMs": 30000,
                 *         "maxDeliveries": 5,
                 *         "retryDelaysMs": [
                 *           1000,
                 *           10000,
                 *           60000
                 *         ]
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["UpdateGroupRequest"];
            };
        };
        readonly responses: {
            /** @description The changed group. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "billing",
                     *       "pending": 1,
                     *       "lastDeliveredId": "1767225600000-0",
                     *       "entriesRead": 1,
                     *       "lag": 1,
                     *       "delayed": 0,
                     *       "dead": 0,
                     *       "delivery": {
                     *         "ackTimeoutMs": 30000,
                     *         "maxDeliveries": 5,
                     *         "retryDelaysMs": [
                     *           1000,
                     *           10000,
                     *           60000
                     *         ]
                     *       },
                     *       "consumers": 2,
                     *       "oldestPendingMs": 4200
                     *     }
                     */
                    readonly "application/json": components["schemas"]["GroupInfo"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly readStreams: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Streams to read, and where to start. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "streams": [
                 *         {
                 *           "stream": "orders",
                 *           "after": "0-0"
                 *         }
                 *       ],
                 *       "count": 10,
                 *       "waitMs": 30000
                 *     }
                 */
                readonly "application/json": components["schemas"]["ReadStreamsRequest"];
            };
        };
        readonly responses: {
            /** @description The streams of the request. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "streams": [
                     *         {
                     *           "stream": "orders",
                     *           "entries": [
                     *             {
                     *               "id": "1767225600000-0",
                     *               "fields": {
                     *                 "order": "1001",
                     *                 "total": "49.90"
                     *               }
                     *             },
                     *             {
                     *               "id": "1767225600000-1",
                     *               "fields": {
                     *                 "order": "1002",
                     *                 "total": "12.00"
                     *               }
                     *             }
                     *           ],
                     *           "next": "1767225600000-1"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["StreamsRead"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly readGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Which consumer reads, and how much. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "consumer": "ann",
                 *       "count": 1,
                 *       "waitMs": 30000
                 *     }
                 */
                readonly "application/json": components["schemas"]["ReadGroupRequest"];
            };
        };
        readonly responses: {
            /** @description The entries. Empty if there was nothing to deliver. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           },
                     *           "deliveries": 1
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["GroupRead"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly readGroups: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Which consumer reads, from which streams, and how much. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "streams": [
                 *         {
                 *           "stream": "orders"
                 *         }
                 *       ],
                 *       "consumer": "ann",
                 *       "count": 1,
                 *       "waitMs": 30000
                 *     }
                 */
                readonly "application/json": components["schemas"]["ReadGroupsRequest"];
            };
        };
        readonly responses: {
            /** @description The streams that have entries for the consumer, and those with `ack` or `nack`. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "streams": [
                     *         {
                     *           "stream": "orders",
                     *           "entries": [
                     *             {
                     *               "id": "1767225600000-0",
                     *               "fields": {
                     *                 "order": "1001",
                     *                 "total": "49.90"
                     *               },
                     *               "deliveries": 1
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["GroupsRead"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly ackEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries to ack. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "1767225600000-0"
                 *       ],
                 *       "consumer": "ann"
                 *     }
                 */
                readonly "application/json": components["schemas"]["AckRequest"];
            };
        };
        readonly responses: {
            /** @description How many entries were acked, and which were not pending. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "acked": 1,
                     *       "notPending": []
                     *     }
                     */
                    readonly "application/json": components["schemas"]["AckedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly nackEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries to nack, and what to do with them. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "1767225600000-0"
                 *       ],
                 *       "consumer": "ann",
                 *       "outcome": "retry",
                 *       "delayMs": 60000
                 *     }
                 */
                readonly "application/json": components["schemas"]["NackRequest"];
            };
        };
        readonly responses: {
            /** @description How many entries were nacked, and which were not pending. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "nacked": 1,
                     *       "notPending": []
                     *     }
                     */
                    readonly "application/json": components["schemas"]["NackedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly extendEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries whose time to start again. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "consumer": "ann",
                 *       "ids": [
                 *         "1767225600000-0",
                 *         "1767225600000-7"
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["ExtendRequest"];
            };
        };
        readonly responses: {
            /** @description How many entries were extended, and which were not pending for the consumer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "extended": 1,
                     *       "notPending": [
                     *         "1767225600000-7"
                     *       ],
                     *       "ackBeforeMs": null
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ExtendedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listPending: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description The first id of the range. If omitted, the range starts at the first entry.
                 * @example 1767225600000-0
                 */
                readonly from?: components["schemas"]["EntryId"];
                /**
                 * @description The range starts after this id. Cannot be combined with `from`.
                 * @example 1767225600000-0
                 */
                readonly after?: components["schemas"]["EntryId"];
                /**
                 * @description The last id of the range. If omitted, the range ends at the last entry. If `-<seq>` is omitted, the sequence number is the highest possible one.
                 * @example 1767225600000-0
                 */
                readonly to?: components["schemas"]["EntryId"];
                /**
                 * @description The range ends before this id. Cannot be combined with `to`. If `-<seq>` is omitted, the sequence number is the highest possible one.
                 * @example 1767225600000-0
                 */
                readonly before?: components["schemas"]["EntryId"];
                /** @description Maximum number of entries on the page. */
                readonly limit?: number;
                /**
                 * @description Only entries pending for this consumer. 1 to 256 characters without control characters.
                 * @example ann
                 */
                readonly consumer?: string;
                /** @description Only entries that have been idle for at least this long, in milliseconds. */
                readonly minIdleMs?: number;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The pending entries. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pending": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "consumer": "ann",
                     *           "idleMs": 4200,
                     *           "deliveries": 1,
                     *           "state": "leased"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["PendingList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly getPendingSummary: {
        readonly parameters: {
            readonly query?: {
                /** @description Maximum number of consumers on the page. */
                readonly limit?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The counts. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 1,
                     *       "firstId": "1767225600000-0",
                     *       "lastId": "1767225600000-0",
                     *       "consumers": [
                     *         {
                     *           "name": "ann",
                     *           "count": 1
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["PendingSummary"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly claimEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Entries to claim. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "consumer": "bob",
                 *       "ids": [
                 *         "1767225600000-0"
                 *       ],
                 *       "minIdleMs": 0
                 *     }
                 */
                readonly "application/json": components["schemas"]["ClaimRequest"];
            };
        };
        readonly responses: {
            /** @description The claimed entries. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           },
                     *           "deliveries": 2
                     *         }
                     *       ],
                     *       "deletedIds": []
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ClaimedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly autoClaimEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Which pending entries to claim. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "consumer": "bob",
                 *       "minIdleMs": 0,
                 *       "from": "0-0",
                 *       "count": 100
                 *     }
                 */
                readonly "application/json": components["schemas"]["AutoClaimRequest"];
            };
        };
        readonly responses: {
            /** @description The claimed entries, and where to continue. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "next": "0-0",
                     *       "entries": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           },
                     *           "deliveries": 2
                     *         }
                     *       ],
                     *       "deletedIds": []
                     *     }
                     */
                    readonly "application/json": components["schemas"]["AutoClaimedEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listDead: {
        readonly parameters: {
            readonly query?: {
                /** @description Maximum number of entries on the page. */
                readonly limit?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of dead entries. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dead": [
                     *         {
                     *           "id": "1767225600000-0",
                     *           "fields": {
                     *             "order": "1001",
                     *             "total": "49.90"
                     *           },
                     *           "deliveries": 1,
                     *           "consumer": "ann",
                     *           "reason": "The card was declined",
                     *           "deadAt": 1767225605200
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["DeadList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly redriveEntries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        /** @description Which dead entries to redrive. */
        readonly requestBody?: {
            readonly content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "1767225600000-0",
                 *         "1767225600000-7"
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        readonly responses: {
            /** @description How many entries were redriven, and which were not. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "redriven": 1,
                     *       "notDead": [
                     *         "1767225600000-7"
                     *       ],
                     *       "missing": []
                     *     }
                     */
                    readonly "application/json": components["schemas"]["RedrivenEntries"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly listConsumers: {
        readonly parameters: {
            readonly query?: {
                /** @description Maximum number of consumers on the page. */
                readonly limit?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of consumers. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "consumers": [
                     *         {
                     *           "name": "ann",
                     *           "pending": 1,
                     *           "idleMs": 4200,
                     *           "inactiveMs": 4200
                     *         },
                     *         {
                     *           "name": "bob",
                     *           "pending": 0,
                     *           "idleMs": 4200,
                     *           "inactiveMs": null
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": components["schemas"]["ConsumerList"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly ensureConsumer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
                /**
                 * @description The name of the consumer. 1 to 256 characters without control characters.
                 * @example bob
                 */
                readonly consumer: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Whether the request created it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": true
                     *     }
                     */
                    readonly "application/json": components["schemas"]["EnsuredConsumer"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
    readonly deleteConsumer: {
        readonly parameters: {
            readonly query?: {
                /** @description What to do if entries are pending for the consumer: `refuse` the request, `drop` the entries from the pending list, or `release` them, so that they are due at once. */
                readonly pending?: components["schemas"]["ConsumerPendingPolicy"];
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description The name of the stream. 1 to 256 characters without control characters.
                 * @example orders
                 */
                readonly stream: string;
                /**
                 * @description The name of the group. 1 to 256 characters without control characters.
                 * @example billing
                 */
                readonly group: string;
                /**
                 * @description The name of the consumer. 1 to 256 characters without control characters.
                 * @example bob
                 */
                readonly consumer: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How many pending entries were dropped or released. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pending": 0
                     *     }
                     */
                    readonly "application/json": components["schemas"]["DeletedConsumer"];
                };
            };
            readonly "4XX": components["responses"]["Problem"];
            readonly "5XX": components["responses"]["Problem"];
        };
    };
}
