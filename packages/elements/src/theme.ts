/**
 * The custom properties that style the elements, with their default values. The defaults follow the page's
 * `color-scheme`. A page changes a property by setting it on the element or above it.
 *
 * @example
 * ```ts
 * import { theme, type ThemeProperty } from '@tokenkeep/elements'
 *
 * const property: ThemeProperty = '--tokenkeep-accent'
 * console.log(theme[property]) // light-dark(#0b7350, #40cd96)
 * ```
 */
export const theme = {
  '--tokenkeep-ground': 'light-dark(#f7f6f3, #0f1114)',
  '--tokenkeep-panel': 'light-dark(#ffffff, #16191d)',
  '--tokenkeep-ink': 'light-dark(#16181c, #eceae5)',
  '--tokenkeep-soft': 'light-dark(#5c6068, #9ba0a9)',
  '--tokenkeep-line': 'light-dark(#e4e2db, #282c32)',
  '--tokenkeep-edge': 'light-dark(#8b8880, #646b76)',
  '--tokenkeep-accent': 'light-dark(#0b7350, #40cd96)',
  '--tokenkeep-on-accent': 'light-dark(#ffffff, #06130d)',
  '--tokenkeep-danger': 'light-dark(#b82c24, #ff7d74)',
  '--tokenkeep-radius': '10px',
  '--tokenkeep-font':
    "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
} as const

/** The name of a custom property that styles the elements. */
export type ThemeProperty = keyof typeof theme

/**
 * Returns the properties of `theme` as CSS declarations, for a page that uses the same colours.
 *
 * @example
 * ```ts
 * import { themeDeclarations } from '@tokenkeep/elements'
 *
 * const sheet = new CSSStyleSheet()
 * sheet.replaceSync(`:root { ${themeDeclarations()} }`)
 * document.adoptedStyleSheets.push(sheet)
 * ```
 */
export const themeDeclarations = (): string =>
  Object.entries(theme)
    .map(([name, value]) => `${name}: ${value};`)
    .join('\n')
