import type { Config } from '../config/config.ts'
import type { SiteOptions } from '../http/pipeline/sites.ts'

/**
 * Which hosts and origins Weir accepts. Without tokens a page in a browser may do whatever its user may, so only pages
 * of Weir itself are let in. On loopback Weir knows its own names; with `WEIR_INSECURE=1` it cannot, and accepts those
 * that are configured, or any.
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
