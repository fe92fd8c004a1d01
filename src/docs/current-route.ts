import { Store } from '../console/live/store.ts'
import { type Route, routeOf } from './routes.ts'

/** The current route, which follows the address bar. */
export function watchRoute(): Store<Route> {
  const route = new Store<Route>(routeOf(location.hash))
  addEventListener('hashchange', () => route.set(routeOf(location.hash)))
  return route
}
