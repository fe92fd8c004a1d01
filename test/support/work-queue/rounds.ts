/** How many times as many programs as usual are run: WORK_QUEUE_ROUNDS=100 takes an hour or two. */
export const ROUNDS = Number(process.env['WORK_QUEUE_ROUNDS'] ?? 1)

/** A safety net for programs that hang. */
export const ROUNDS_TIMEOUT_MS = 600_000 * ROUNDS
