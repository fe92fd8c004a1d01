import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { quoted } from '../config/escapes.ts'
import { VARIABLES } from '../config/variables.ts'
import { readTextFile } from '../http/pages/text-file.ts'
import { PathError, usingPath } from './named-path.ts'

/** A certificate and its private key, as PEM. */
export interface TlsKeys {
  readonly cert: string
  readonly key: string
}

/** A certificate and a key that do not belong together. */
export class TlsError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'TlsError'
  }
}

/**
 * Reads a certificate, followed by its intermediate certificates, and its private key, both as PEM. `expires`
 * is the certificate's end of validity as ISO 8601. Throws a PathError for a file that cannot be used, and a
 * TlsError for a certificate and a key that do not belong together.
 */
export function readTlsKeys(certFile: string, keyFile: string): TlsKeys & { readonly expires: string } {
  const cert = usingPath(CERT_FILE, certFile, readTextFile)
  const key = usingPath(KEY_FILE, keyFile, readTextFile)
  const certificate = parsed(CERT_FILE, certFile, () => new X509Certificate(cert))
  parsed(CERT_FILE, certFile, () => createSecureContext({ cert }))
  // `createSecureContext` accepts an empty key.
  parsed(KEY_FILE, keyFile, () => createPrivateKey(key))
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    const files = `${CERT_FILE} (${quoted(certFile)}) and ${KEY_FILE} (${quoted(keyFile)})`
    throw new TlsError(`${files} are not a certificate and its key: ${messageOf(error)}`, error)
  }
  return { cert, key, expires: new Date(certificate.validTo).toISOString() }
}

const { name: CERT_FILE } = VARIABLES.tlsCertFile
const { name: KEY_FILE } = VARIABLES.tlsKeyFile

function parsed<T>(variable: string, path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new PathError(variable, path, new Error(`not a usable PEM file: ${messageOf(error)}`))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
