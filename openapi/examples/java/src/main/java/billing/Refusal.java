package billing;

import java.util.Set;
import weir.model.Problem;

/** A request failed because Weir refused it. */
final class Refusal extends Failure {
    private static final long MAX_PAUSE_MS = 60_000;
    private static final Set<String> GONE = Set.of("stream-not-found", "group-not-found", "consumer-not-found");

    private final Problem problem;
    private final long retryAfterSeconds;

    /** The header Retry-After is for an answer whose problem has no retryAfterMs. 0 if there is none. */
    Refusal(Problem problem, long retryAfterSeconds) {
        super(problem.getCode() + ": " + problem.getDetail());
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    String requestId() {
        return problem.getRequestId();
    }

    @Override
    boolean isFinal() {
        return !problem.getRetryable();
    }

    @Override
    long pauseMs() {
        Integer ms = problem.getRetryAfterMs();
        long pauseMs = ms != null ? ms : retryAfterSeconds * 1000;
        return pauseMs > 0 ? Math.min(pauseMs, MAX_PAUSE_MS) : super.pauseMs();
    }

    @Override
    boolean isGone() {
        return GONE.contains(problem.getCode());
    }
}
