import { type Logger, pino } from 'pino'

/**
 * Logs to stdout, one JSON object per line. Writing is synchronous, so that the last line before an exit is
 * never lost. It costs little, because requests are logged only at `debug` and `trace`.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    // Whatever collects the log knows the pid and the host name.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) }
  })
}
