import { Store } from './live/store.ts'
import { addressOf, type Route, routeOf } from './routes.ts'

/** Returns the current route, which follows the address bar. */
export function watchRoute(): Store<Route> {
  const route = new Store<Route>(routeOf(location.hash))
  addEventListener('hashchange', () => route.set(routeOf(location.hash)))
  return route
}

export function goTo(route: Route): void {
  location.hash = addressOf(route)
}
