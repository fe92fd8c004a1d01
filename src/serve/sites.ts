import type { Config } from '../config/config.ts'
import type { SiteOptions } from '../http/pipeline/sites.ts'

/**
 * Decides which hosts and origins Weir accepts. Without tokens, a web page could do whatever its user can, so
 * only Weir's own pages are accepted. On loopback, Weir knows its own names. With `WEIR_INSECURE=1` it cannot
 * know them, and accepts the configured names, or any name if none is configured.
 */
export function sitesOf({ tokensFile, insecure, allowedHosts, corsOrigins }: Config): SiteOptions {
  const refusesOrigins = tokensFile === ''
  const loopback = refusesOrigins && !insecure
  return {
    ...((loopback || allowedHosts.length > 0) && { hosts: { names: allowedHosts, loopback } }),
    refusesOrigins,
    corsOrigins
  }
}
