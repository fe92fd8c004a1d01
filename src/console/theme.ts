import { Store } from './live/store.ts'

export type ThemeChoice = 'auto' | 'light' | 'dark'

const KEY = 'weir-theme'
const stored = localStorage.getItem(KEY)
const isDark = matchMedia('(prefers-color-scheme: dark)')

/** The user's choice. `auto` follows the system. */
export const themeChoice = new Store<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'auto')
/** The theme that is shown. */
export const theme = new Store<'light' | 'dark'>('light')

/** Applies the theme, now and whenever the choice or the system's theme changes. */
export function applyTheme(): void {
  const apply = () => {
    const choice = themeChoice.value
    const shown = choice === 'auto' ? (isDark.matches ? 'dark' : 'light') : choice
    document.documentElement.dataset['theme'] = shown
    theme.set(shown)
  }
  apply()
  isDark.addEventListener('change', apply)
  themeChoice.subscribe((choice) => {
    localStorage.setItem(KEY, choice)
    apply()
  })
}
