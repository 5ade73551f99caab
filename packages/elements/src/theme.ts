/**
 * The looks the elements and the Console share: custom properties with their defaults, for light and dark by the
 * page's `color-scheme`. A page themes the elements by setting any of them.
 */
export const tokens = {
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

export type Token = keyof typeof tokens

/** The tokens as declarations, for a style sheet of the page's own. */
export const tokenDeclarations = (): string =>
  Object.entries(tokens)
    .map(([name, value]) => `${name}: ${value};`)
    .join('\n')
