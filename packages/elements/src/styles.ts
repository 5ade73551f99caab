import { theme } from './theme.ts'

/** Declares each property under a local name: `--_accent` has the page's value of `--tokenkeep-accent`, or else the default. */
const local = Object.entries(theme)
  .map(([name, value]) => `${name.replace('--tokenkeep-', '--_')}: var(${name}, ${value});`)
  .join('\n')

const css = `
:host {
  ${local}
  display: block;
  color: var(--_ink);
  font: 16px/1.5 var(--_font);
  text-align: start;
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
form { display: grid; gap: 14px; }
.field { display: grid; gap: 6px; }
label { font-size: 14px; font-weight: 550; }
input, button {
  width: 100%;
  min-height: 46px;
  padding: 8px 14px;
  border: 1px solid var(--_edge);
  border-radius: var(--_radius);
  background: var(--_panel);
  color: inherit;
  font: inherit;
}
input[aria-invalid='true'] { border-color: var(--_danger); }
.hint { color: var(--_soft); font-size: 13px; }
button { font-weight: 550; cursor: pointer; transition: filter 0.15s; }
.primary { border-color: transparent; background: var(--_accent); color: var(--_on-accent); }
.primary:hover:not([aria-disabled='true']) { filter: brightness(1.08); }
.switch { min-height: 0; padding: 6px; border-color: transparent; background: none; color: var(--_soft); font-weight: 450; }
.switch:hover { color: var(--_ink); text-decoration: underline; text-underline-offset: 3px; }
[aria-disabled='true'] { cursor: default; opacity: 0.6; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.error {
  padding: 10px 14px;
  border-radius: var(--_radius);
  background: color-mix(in srgb, var(--_danger) 9%, transparent);
  color: var(--_danger);
  font-size: 14.5px;
}
.status { color: var(--_soft); font-size: 14.5px; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`

/**
 * Returns a function that makes the sheet when it is first called: a server has no sheets. A Content Security Policy does not restrict
 * constructed style sheets.
 */
export function lazySheet(text: string): () => CSSStyleSheet {
  let created: CSSStyleSheet | undefined
  return () => {
    if (!created) {
      created = new CSSStyleSheet()
      created.replaceSync(text)
    }
    return created
  }
}

/** Returns the sheet that all elements share. */
export const sheet = lazySheet(css)
