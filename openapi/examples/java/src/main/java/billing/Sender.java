package billing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Sends requests: calls of the generated client. */
final class Sender {
    /** The time in which Weir must answer. A JVM that has just started needs seconds for its first request. */
    private static final long TIMEOUT_MS = 10_000;
    /** The time in which Weir must answer a poll that has waited for as long as it may. */
    private static final long POLL_TIMEOUT_MS = 5000;
    private static final int TRIES_AFTER_STOP = 2;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Stop stop;

    Sender(Stop stop) {
        this.stop = stop;
    }

    /**
     * Sends a request until it is answered or refused for good. When the worker is to stop, it throws the last failure
     * after TRIES_AFTER_STOP more tries.
     */
    <T> T retrying(String name, Callable<T> request) throws Failure, InterruptedException {
        int triesLeft = TRIES_AFTER_STOP;
        while (true) {
            try {
                return send(request);
            } catch (Failure e) {
                if (e.isFinal() || stop.isRequested() && triesLeft-- == 0) throw e;
                pauseAfter(name, e);
            }
        }
    }

    /** Like {@code retrying}, with a request that waits. Throws at once when the worker is to stop. */
    <T> T polling(String name, long waitMs, Callable<T> request) throws Failure, InterruptedException {
        while (true) {
            try {
                Future<T> poll = threads.submit(request);
                stop.cuts(poll);
                return answer(poll, waitMs + POLL_TIMEOUT_MS);
            } catch (Failure e) {
                if (stop.isRequested() || e.isFinal()) throw e;
                pauseAfter(name, e);
            }
        }
    }

    /** Sends a request once. */
    <T> T send(Callable<T> request) throws Failure, InterruptedException {
        return answer(threads.submit(request), TIMEOUT_MS);
    }

    /** The time-outs of HttpClient end with the headers of an answer. This one is for all of it. */
    private static <T> T answer(Future<T> sent, long timeoutMs) throws Failure, InterruptedException {
        try {
            T answer = sent.get(timeoutMs, MILLISECONDS);
            if (answer == null) throw new Failure("the answer is empty");
            return answer;
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new Failure("no answer in %d ms".formatted(timeoutMs));
        } catch (CancellationException e) {
            throw new Failure("the poll was cut");
        } catch (ExecutionException e) {
            throw Failures.of(e.getCause());
        }
    }

    private void pauseAfter(String name, Failure failure) throws InterruptedException {
        Log.line("%s will be sent again: %s", name, failure.getMessage());
        stop.pause(failure.pauseMs());
    }
}
