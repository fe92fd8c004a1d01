import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** What a server proves itself with. */
export interface TlsKeys {
  readonly cert: string
  readonly key: string
}

/** A certificate, or its key, that cannot be used. */
export class TlsError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'TlsError'
  }
}

/** Reads a certificate (with those that lead to a known authority behind it) and its key, both as PEM. Throws. */
export function readTlsKeys(certFile: string, keyFile: string): TlsKeys & { readonly expires: string } {
  const keys = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  try {
    createSecureContext(keys)
    const certificate = new X509Certificate(keys.cert)
    return { ...keys, expires: new Date(certificate.validTo).toISOString() }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new TlsError(`${certFile} and ${keyFile} are no certificate and its key: ${why}`, error)
  }
}
