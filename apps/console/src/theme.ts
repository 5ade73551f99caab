import { tokenDeclarations } from '@tokenkeep/elements'

/** `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const key = 'tokenkeep-console-theme'

/** Gives the page the design tokens it shares with the sign-in element. */
export function adoptTokens(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`:root { ${tokenDeclarations()} }`)
  // Before the page's own sheets in meaning: they may set a token anew at a higher specificity.
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets]
}

export function theme(): Theme {
  const kept = localStorage.getItem(key) as Theme | null
  return kept && themes.includes(kept) ? kept : 'system'
}

export function applyTheme(next: Theme = theme()): void {
  if (next === 'system') localStorage.removeItem(key)
  else localStorage.setItem(key, next)
  document.documentElement.dataset['theme'] = next
}
