import { Store } from './live/store.ts'
import { addressOf, type Place, placeOf } from './routes.ts'

/** Where the page is now. */
export function watchPlace(): Store<Place> {
  const here = new Store<Place>(placeOf(location.hash))
  addEventListener('hashchange', () => here.set(placeOf(location.hash)))
  return here
}

export function goTo(place: Place): void {
  location.hash = addressOf(place)
}
