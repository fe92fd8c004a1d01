package billing;

import java.util.Map;

/** The work. */
final class Bill {
    private Bill() {}

    /** Prints a line for an order. Throws an IllegalArgumentException if its total is not a decimal number. */
    static void send(String id, Map<String, String> fields) throws InterruptedException {
        // Stands for work that takes long.
        Thread.sleep(Long.parseLong(fields.getOrDefault("takesMs", "0")));
        String total = fields.getOrDefault("total", "");
        if (!total.matches("-?\\d+(\\.\\d+)?")) {
            throw new IllegalArgumentException("the total \"%s\" is not a decimal number".formatted(total));
        }
        System.out.printf("%s %s %s%n", id, fields.get("order"), total);
    }
}
