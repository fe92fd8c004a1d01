package billing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Is requested by the first SIGTERM or SIGINT. Not a shutdown hook: with it, the JVM would exit with 143, and ignore
 * the second signal.
 */
final class Stop {
    private static final List<Signal> SIGNALS = List.of(new Signal("TERM"), new Signal("INT"));

    private final CountDownLatch requested = new CountDownLatch(1);
    private volatile Future<?> poll = CompletableFuture.completedFuture(null);

    Stop() {
        for (Signal signal : SIGNALS) Signal.handle(signal, caught -> request());
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits, but not longer than until the worker is to stop. */
    void pause(long ms) throws InterruptedException {
        requested.await(ms, TimeUnit.MILLISECONDS);
    }

    /** Cancels this poll when the worker is to stop. */
    void cuts(Future<?> poll) {
        this.poll = poll;
        if (isRequested()) poll.cancel(true);
    }

    private void request() {
        // The next signal ends the process at once.
        for (Signal signal : SIGNALS) Signal.handle(signal, SignalHandler.SIG_DFL);
        requested.countDown();
        poll.cancel(true);
    }
}
