/**
 * How many times as long as usual the crash tests go on: as a rule they take a minute or two, and with CRASH_ROUNDS=100
 * a night.
 */
export const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 1)

/** For a test that goes on for so long. A net for one that hangs, not a measure of speed. */
export const ROUNDS_TIMEOUT_MS = 600_000 * ROUNDS
