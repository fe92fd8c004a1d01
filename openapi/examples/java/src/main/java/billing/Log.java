package billing;

/** Standard output is for results, so the log goes to standard error. */
final class Log {
    private Log() {}

    static void line(String format, Object... values) {
        System.err.println(format.formatted(values));
    }
}
