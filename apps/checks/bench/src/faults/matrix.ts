import type { Report, Row } from '../frame/report.ts'
import { markdownTable } from '../frame/document.ts'

/** How the full table describes a sign-out offline, and the mark for it in this table. */
const signOutMarks: Readonly<Record<string, string>> = {
  'revoked later': '✓',
  'never revoked': '◐',
  'still signed in': '✗',
}
const verdict = /^([✓↻✗]) (\d+)$/

/** Returns the number of refreshes that most clients send during a fault. Cells omit that number. */
function usual(rows: readonly Row[], key: string): string | undefined {
  const counts = rows.flatMap((row) => verdict.exec(String(row[key]))?.[2] ?? [])
  const often = (count: string): number => counts.filter((each) => each === count).length
  return counts.toSorted((a, b) => often(b) - often(a))[0]
}

function shorten(value: string, usualCount: string | undefined): string {
  const [, mark, count] = verdict.exec(value) ?? []
  if (mark) return count === usualCount ? mark : `${mark} ${count}`
  if (value.startsWith('failed')) return 'failed'
  return signOutMarks[value] ?? '–'
}

/** Returns the table of the faults for the README: a mark for each cell, and the number of refreshes only if most clients sent another number. */
export function faultMatrix({ tables: [table], date }: Report): string {
  const { columns, rows } = table!
  const faults = columns.filter(({ key }) => key !== 'name' && key !== 'version')
  const short = rows.map((row): Row => {
    const cells = faults.map(({ key }) => [key, shorten(String(row[key]), usual(rows, key))])
    return { name: row['name']!, ...Object.fromEntries(cells) }
  })
  const shown = markdownTable({
    title: '',
    columns: [
      { key: 'name', title: 'client' },
      ...faults.map(({ key, title }) => ({ key, title: title.replace(', 10 s grace', '') })),
    ],
    rows: short,
  })
  return `${shown}

✓ still signed in · ↻ signed in only after a reload · ✗ signed out · – not measured, because the client keeps its tokens per tab.
A number says how many refreshes this client sent, if most others sent another number. HTML: a captive portal answers with its page.
*No grace*: the server treats a used refresh token as stolen. In the other columns, a used token still gets its successor for 10 s.
Sign-out offline: ✓ signed out, and revoked later · ◐ signed out, but never revoked · ✗ still signed in.
better-auth's client keeps no token: it asks its server each time. Measured on ${date.slice(0, 10)}.`
}

const between = /(<!-- faults -->\n)[\s\S]*?(<!-- \/faults -->)/

/** Returns the document with the matrix between its markers. */
export function withMatrix(document: string, matrix: string): string {
  if (!between.test(document)) throw new Error('the document has no markers for the faults')
  return document.replace(between, (_, open: string, close: string) => `${open}${matrix}\n${close}`)
}
