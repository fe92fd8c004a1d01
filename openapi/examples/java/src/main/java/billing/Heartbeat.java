package billing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import weir.model.DeliveredEntry;

/** Keeps the entries in hand, so that the group does not give them to another consumer during long work. */
final class Heartbeat implements AutoCloseable {
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();

    private final Group group;
    private final List<String> ids;
    private Future<?> beats;

    Heartbeat(Group group, List<DeliveredEntry> entries) {
        this.group = group;
        this.ids = new CopyOnWriteArrayList<>(entries.stream().map(DeliveredEntry::getId).toList());
        // Groups without ackTimeoutMs take no entries away.
        entries.stream().map(DeliveredEntry::getAckBeforeMs).filter(Objects::nonNull).min(Long::compare)
                .map(ms -> Math.max(ms / 3, 1))
                .ifPresent(ms -> beats = TIMER.scheduleAtFixedRate(this::beat, ms, ms, MILLISECONDS));
    }

    /** The entry is settled. */
    void drop(String id) {
        ids.remove(id);
    }

    @Override
    public void close() {
        if (beats != null) beats.cancel(false);
    }

    private void beat() {
        List<String> inHand = List.copyOf(ids);
        if (inHand.isEmpty()) return;
        try {
            group.extend(inHand);
        } catch (Exception e) {
            // The next one comes anyway, but not after an exception that leaves this method.
            Log.line("extendEntries: %s", e.getMessage());
        }
    }
}
