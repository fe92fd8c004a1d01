import { Store } from '../live/store.ts'

/** The access token that the user entered. Only this tab has it, and all pages of the server in it. */
export const token = new Store<string>(sessionStorage.getItem('weir-token') ?? '')
token.subscribe((value) => sessionStorage.setItem('weir-token', value))
