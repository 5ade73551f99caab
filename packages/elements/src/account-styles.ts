import { lazySheet } from './styles.ts'

const css = `
.failure, .account > .status:not(:empty) { margin-bottom: 24px; }
.section + .section { margin-top: 40px; }
.section > .list, .section > .error, .section > .status:not(:empty) { margin-top: 14px; }
.header { display: flex; flex-wrap: wrap; align-items: end; gap: 12px 24px; }
.header .words { flex: 1 1 240px; min-width: 0; }
.title { font-size: 18px; font-weight: 600; line-height: 1.35; }
.account .hint { font-size: 14.5px; }
.small { width: auto; min-height: 38px; padding: 6px 14px; font-size: 14.5px; }
.small:not(.primary):hover:not([aria-disabled='true']) { border-color: currentColor; }
.danger { border-color: var(--_danger); color: var(--_danger); }
.list {
  padding: 0;
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  background: var(--_panel);
  list-style: none;
}
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 20px; padding: 14px 16px; }
.row + .row { border-top: 1px solid var(--_line); }
.row:focus-visible { outline-offset: -2px; border-radius: var(--_radius); }
.content { flex: 1 1 160px; min-width: 0; }
.name { font-weight: 550; overflow-wrap: anywhere; }
.badge {
  display: inline-block;
  padding: 1px 9px;
  border-radius: 99px;
  background: color-mix(in srgb, var(--_accent) 12%, transparent);
  color: var(--_accent);
  font-size: 13px;
  font-weight: 550;
}
.details { color: var(--_soft); font-size: 14px; overflow-wrap: anywhere; }
.details > :not([hidden]) ~ :not([hidden])::before { content: ' · '; content: ' · ' / ''; white-space: pre; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.rename { flex: 1; gap: 8px; min-width: 0; }
.rename .input { max-width: 420px; min-height: 40px; }
.question { display: flex; flex: 1; flex-wrap: wrap; align-items: center; gap: 10px 20px; min-width: 0; }
.question .words { flex: 1 1 220px; min-width: 0; overflow-wrap: anywhere; }
.failure { display: grid; gap: 12px; justify-items: start; }
.failure .error { justify-self: stretch; }
`

/** Returns the sheet of the page of an account. It adds to the sheet that all elements share. */
export const accountSheet = lazySheet(css)
