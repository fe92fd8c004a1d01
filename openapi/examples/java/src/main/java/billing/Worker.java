package billing;

import java.util.List;
import weir.model.DeliveredEntry;

/** Processes the entries that a group delivers to this consumer. */
public final class Worker {
    private final Stop stop = new Stop();
    private final Group group = new Group(Settings.fromEnvironment(), stop);

    public static void main(String[] args) throws InterruptedException {
        // Not a return: a poll or a heartbeat may still be under way.
        System.exit(new Worker().run());
    }

    private int run() throws InterruptedException {
        try {
            work();
            group.leave();
        } catch (Refusal e) {
            Log.line("%s (request %s)", e.getMessage(), e.requestId());
            return 1;
        } catch (Failure e) {
            // Entries that were not given back fall due after their time.
            Log.line("stopped: %s", e.getMessage());
        }
        return 0;
    }

    private void work() throws Failure, InterruptedException {
        group.ensure();
        // First what this consumer read before it was interrupted. It has read all of it when a page is empty.
        String after = "0-0";
        while (!stop.isRequested()) {
            List<DeliveredEntry> entries = group.read(after);
            if (after != null) after = entries.isEmpty() ? null : entries.get(entries.size() - 1).getId();
            try (Heartbeat heartbeat = new Heartbeat(group, entries)) {
                for (DeliveredEntry entry : entries) {
                    if (stop.isRequested()) break;
                    settle(entry);
                    heartbeat.drop(entry.getId());
                }
            }
        }
    }

    private void settle(DeliveredEntry entry) throws Failure, InterruptedException {
        String id = entry.getId();
        try {
            // An entry without fields was deleted while it was pending.
            if (entry.getFields() != null) Bill.send(id, entry.getFields());
        } catch (RuntimeException e) {
            Log.line("%s failed: %s", id, e.getMessage());
            group.nack(id, e.getMessage());
            return;
        }
        group.ack(id);
    }
}
