import type { RouteOptions } from 'fastify'

type Hooks = Required<Pick<RouteOptions, 'onRequest' | 'preValidation' | 'preHandler' | 'onSend'>>
type HookOf<N extends keyof Hooks> = Extract<Hooks[N], (...args: never[]) => unknown>

/** Adds a hook to a route behind those that it has. */
export function addHook<N extends keyof Hooks>(route: RouteOptions, name: N, hook: HookOf<N>): void {
  const there = (route[name] ?? []) as HookOf<N> | HookOf<N>[]
  route[name] = (Array.isArray(there) ? [...there, hook] : [there, hook]) as RouteOptions[N]
}
