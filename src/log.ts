import { type Logger, pino } from 'pino'

/**
 * Logs to stdout, one JSON object a line. Writing is synchronous, so that the last line before an exit is never
 * lost; there are few lines, because no request is logged below `debug`.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    // The pid and the host name are known to whoever collects the lines.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) }
  })
}
