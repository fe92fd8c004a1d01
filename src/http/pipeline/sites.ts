import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.ts'
import { shown } from '../problems/shown.ts'
import { isProbe } from './admission.ts'
import { authorityOf, isLoopbackName, originOf } from './authority.ts'
import { Cors } from './cors.ts'

/** Which host names the server accepts, and requests from which pages. */
export interface SiteOptions {
  /** The hosts that `Host` may contain. Default: any. */
  readonly hosts?: HostOptions
  /** Whether pages of other origins are refused. Needed if no token protects the server from them. */
  readonly refusesOrigins: boolean
  /** Origins whose pages may send requests and read the answers. */
  readonly corsOrigins: readonly string[]
}

interface HostOptions {
  /** Names, each with or without a port. */
  readonly names: readonly string[]
  /** Whether the loopback names of this machine are accepted, too. */
  readonly loopback: boolean
}

/**
 * Accepts requests by `Host` and `Origin`, which a page cannot forge. A host is accepted with any port,
 * because a page of another site, which has a host name of its own, cannot use it (DNS rebinding). An origin
 * is accepted only with its port, because another port of the same host is another server.
 */
export class Sites {
  readonly #options: SiteOptions
  /** The names that `Host` may contain. */
  readonly #names: ReadonlySet<string>
  /** Hosts, with ports, of the server's own pages, in case a proxy replaces `Host`. */
  readonly #hosts: ReadonlySet<string>
  readonly #cors: Cors
  // The values that were accepted last. Most requests have the same ones, and comparing is cheap.
  #host: string | null = null
  #origin: string | null = null
  #hostOfOrigin: string | undefined

  constructor(options: SiteOptions) {
    this.#options = options
    const authorities = (options.hosts?.names ?? []).flatMap((name) => authorityOf(name) ?? [])
    this.#names = new Set(authorities.map(({ name }) => name))
    this.#hosts = new Set(authorities.map(({ host }) => host))
    this.#cors = new Cors(options.corsOrigins)
  }

  /** Why a request is refused. Undefined if it is accepted. Probes are accepted with any `Host`. */
  refusalOf(request: FastifyRequest): Problem | undefined {
    const { host, origin } = request.raw.headers
    if (host !== this.#host && this.#options.hosts !== undefined) {
      if (this.#acceptsHost(host)) this.#host = host
      else if (!isProbe(request)) return this.#hostRefusal(host)
    }
    if (origin === undefined || !this.#options.refusesOrigins) return undefined
    if (origin === this.#origin && host === this.#hostOfOrigin) return undefined
    if (!this.#acceptsOrigin(origin, host)) return originRefusal(origin)
    this.#origin = origin
    this.#hostOfOrigin = host
    return undefined
  }

  /** Answers a preflight request. Returns false for any other request. */
  answersPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
    return this.#cors.isOff ? false : this.#cors.answersPreflight(request, reply)
  }

  #acceptsHost(host: string | undefined): host is string {
    const authority = host === undefined ? undefined : authorityOf(host)
    if (authority === undefined) return false
    const { name } = authority
    return this.#names.has(name) || (this.#options.hosts?.loopback === true && isLoopbackName(name))
  }

  #acceptsOrigin(text: string, host: string | undefined): boolean {
    if (this.#cors.allows(text)) return true
    const origin = originOf(text)
    if (origin === undefined) return false
    // A proxy that terminates TLS forwards `Host` unchanged, so the default port is that of the page's
    // scheme.
    const own = host === undefined ? undefined : authorityOf(host, origin.scheme)
    return own?.host === origin.host || this.#hosts.has(origin.host)
  }

  #hostRefusal(host: string | undefined): Problem {
    const names = this.#options.hosts?.loopback === true ? 'localhost, 127.0.0.1, [::1] and those' : 'those'
    return refusal(
      'host-not-allowed',
      '/headers/host',
      `${host === undefined ? 'A request without a host' : shown(host, MAX_SHOWN)} is not allowed. Allowed hosts: ${names} in WEIR_ALLOWED_HOSTS`
    )
  }
}

function originRefusal(origin: string): Problem {
  return refusal(
    'origin-not-allowed',
    '/headers/origin',
    `${shown(origin, MAX_SHOWN)} is not the origin of this server. If a proxy replaces Host, add the host of the origin to ` +
      'WEIR_ALLOWED_HOSTS. To let pages of another origin use this server, add the origin to WEIR_CORS_ORIGINS'
  )
}

function refusal(code: 'host-not-allowed' | 'origin-not-allowed', pointer: string, detail: string): Problem {
  return new Problem(code, `${pointer}: ${detail}`, { faults: [{ pointer, detail }] })
}

const MAX_SHOWN = 100
