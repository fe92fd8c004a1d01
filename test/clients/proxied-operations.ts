import { operations } from '../support/openapi-document.ts'

const ROUTES = operations.map(({ operationId, method, template }) => ({
  operationId,
  method,
  path: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}))

/** The operation that a request calls, according to the OpenAPI document. */
export function operationOf(method: string, url: string): string {
  const path = url.split('?')[0] ?? ''
  const route = ROUTES.find((known) => known.method === method && known.path.test(path))
  return route?.operationId ?? `${method} ${path}`
}
