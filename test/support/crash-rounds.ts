/**
 * How many times as long as usual the crash tests run. They take a minute or two, and with CRASH_ROUNDS=100 a night.
 */
export const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 1)

/** The time limit of a test that runs that long: a safety net for one that hangs, not a measure of speed. */
export const ROUNDS_TIMEOUT_MS = 600_000 * ROUNDS
