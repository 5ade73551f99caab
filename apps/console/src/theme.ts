import { themeDeclarations } from '@tokenkeep/elements'

/** `system` follows the setting of the device. */
export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const storageKey = 'tokenkeep-console-theme'

/** Applies the design tokens that the Console shares with the sign-in element. */
export function applyDesignTokens(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`:root { ${themeDeclarations()} }`)
  // Adopted sheets come after linked ones. base.css overrides a token with a more specific selector: `html:root`.
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets]
}

export function storedTheme(): Theme {
  const stored = localStorage.getItem(storageKey) as Theme | null
  return stored && themes.includes(stored) ? stored : 'system'
}

export function applyTheme(next: Theme = storedTheme()): void {
  if (next === 'system') localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, next)
  document.documentElement.dataset['theme'] = next
}
