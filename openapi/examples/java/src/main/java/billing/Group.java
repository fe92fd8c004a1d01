package billing;

import java.util.List;
import java.util.concurrent.Callable;
import weir.api.GroupsApi;
import weir.model.AckRequest;
import weir.model.DeliveredEntry;
import weir.model.DeliveryPolicy;
import weir.model.EnsureGroupRequest;
import weir.model.ExtendRequest;
import weir.model.ConsumerPendingPolicy;
import weir.model.NackOutcome;
import weir.model.NackRequest;
import weir.model.ReadGroupRequest;

/** The group, as this consumer sees it. */
final class Group {
    private final GroupsApi api;
    private final Sender sender;
    private final Stop stop;
    private final Settings settings;
    private final String stream;
    private final String group;
    private final String consumer;

    Group(Settings settings, Stop stop) {
        this.api = new GroupsApi(Client.of(settings));
        this.sender = new Sender(stop);
        this.stop = stop;
        this.settings = settings;
        this.stream = settings.stream();
        this.group = settings.group();
        this.consumer = settings.consumer();
    }

    /** Creates the group unless it exists. A group that exists keeps its delivery policy. */
    void ensure() throws Failure, InterruptedException {
        var delivery = new DeliveryPolicy().ackTimeoutMs(settings.ackTimeoutMs()).maxDeliveries(5);
        var body = new EnsureGroupRequest().createStream(true).delivery(delivery);
        sender.retrying("ensureGroup", () -> api.ensureGroup(stream, group, null, body));
    }

    /**
     * Returns the entries that are pending for this consumer after an id, or, after null, new ones, for which it waits.
     * Returns none when the worker is to stop.
     */
    List<DeliveredEntry> read(String after) throws Failure, InterruptedException {
        int waitMs = settings.waitMs();
        var body = new ReadGroupRequest().consumer(consumer).count(10).waitMs(waitMs).after(after);
        try {
            return sender.polling("readGroup", waitMs, () -> api.readGroup(stream, group, body)).getEntries();
        } catch (Failure e) {
            if (stop.isRequested()) return List.of();
            if (!e.isGone()) throw e;
            Log.line("readGroup: %s", e.getMessage());
            stop.pause(1000);
            ensure();
            return List.of();
        }
    }

    void ack(String id) throws Failure, InterruptedException {
        var body = new AckRequest().addIdsItem(id).consumer(consumer);
        settle("ackEntries", id, () -> api.ackEntries(stream, group, body).getNotPending());
    }

    /** Gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left. */
    void nack(String id, String reason) throws Failure, InterruptedException {
        var body = new NackRequest().addIdsItem(id).consumer(consumer).outcome(NackOutcome.RETRY).reason(reason);
        settle("nackEntries", id, () -> api.nackEntries(stream, group, body).getNotPending());
    }

    /** Starts the time of these entries again. They are named, so that one whose delivery got lost on the way falls due. */
    void extend(List<String> ids) throws Failure, InterruptedException {
        var body = new ExtendRequest().ids(ids).consumer(consumer);
        sender.send(() -> api.extendEntries(stream, group, body));
    }

    /** Deletes this consumer. What it still holds is due at once, and the delivery to it does not count. */
    void leave() throws Failure, InterruptedException {
        try {
            sender.retrying("deleteConsumer", () -> api.deleteConsumer(stream, group, consumer, ConsumerPendingPolicy.RELEASE));
        } catch (Failure e) {
            if (!e.isGone()) throw e;
        }
    }

    private void settle(String name, String id, Callable<List<String>> request) throws Failure, InterruptedException {
        try {
            List<String> notPending = sender.retrying(name, request);
            if (!notPending.isEmpty()) Log.line("%s was given to another consumer meanwhile", id);
        } catch (Failure e) {
            if (!e.isGone()) throw e;
            Log.line("%s of %s is dropped: %s", name, id, e.getMessage());
        }
    }
}
