package billing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** What the environment configures. */
record Settings(
        String url, Optional<String> token, String stream, String group, String consumer, int waitMs, int ackTimeoutMs) {

    static Settings fromEnvironment() {
        return new Settings(
                variable("WEIR_URL", "http://127.0.0.1:7070"),
                Optional.ofNullable(System.getenv("WEIR_TOKEN")),
                variable("STREAM", "orders"),
                variable("GROUP", "billing"),
                variable("CONSUMER", ownName()),
                Integer.parseInt(variable("WAIT_MS", "30000")),
                Integer.parseInt(variable("ACK_TIMEOUT_MS", "30000")));
    }

    private static String variable(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    /** Two consumers of the same name would read each other's pending entries when they start. */
    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("this host has no name: set CONSUMER", e);
        }
    }
}
