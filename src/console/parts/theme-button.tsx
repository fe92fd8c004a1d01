import { useStore } from '../live/store.ts'
import { type ThemeChoice, themeChoice } from '../theme.ts'

const NEXT_THEME: Readonly<Record<ThemeChoice, ThemeChoice>> = { auto: 'light', light: 'dark', dark: 'auto' }

/** Changes the theme: the system's, light, dark. */
export function ThemeButton() {
  const choice = useStore(themeChoice)
  const name = { auto: 'system', light: 'light', dark: 'dark' }[choice]
  return (
    <button
      type="button"
      class="quiet theme-button"
      aria-label={`Theme: ${name}. Change theme`}
      title={`Theme: ${name}`}
      onClick={() => themeChoice.set(NEXT_THEME[choice])}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" data-choice={choice}>
        <circle cx="10" cy="10" r="7" class="theme-ring" />
        <path d="M10 3a7 7 0 0 1 0 14z" class="theme-half" />
        <circle cx="10" cy="10" r="7" class="theme-full" />
      </svg>
    </button>
  )
}
