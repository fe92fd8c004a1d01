package billing;

/**
 * A request failed: no answer of Weir came, but a page of a proxy, a redirect, or nothing. The message is a line that
 * says what.
 */
class Failure extends Exception {
    Failure(String message) {
        super(message);
    }

    /** Whether the same request would fail again. */
    boolean isFinal() {
        return false;
    }

    /** How long to wait before the same request. */
    long pauseMs() {
        return 1000;
    }

    /** Whether somebody deleted the stream, the group or the consumer. */
    boolean isGone() {
        return false;
    }
}
