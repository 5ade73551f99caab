import type { Report, Row } from '../frame/report.ts'
import { markdownTable } from '../frame/document.ts'

/** The words of the full table for the end of an offline sign-out, and the marks of this table. */
const signOutMarks: Readonly<Record<string, string>> = {
  'told later': '✓',
  'never told': '◐',
  'still in': '✗',
}
const verdict = /^([✓↻✗]) (\d+)$/

/** The number of refreshes that most clients send for a fault. The table leaves it out. */
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

/** The README's table of faults: a mark for each client and fault, and a number only if it is unusual. */
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

✓ still signed in · ↻ only after a reload · ✗ signed out · – tokens per tab · a number: the refreshes sent, if most others send another number.
*No grace*: the server takes a used refresh token for a stolen one. Otherwise it accepts a used token for 10 s. HTML: a captive portal's page.
Sign-out offline: ✓ signed out, and the server learns it later · ◐ the server never learns it · ✗ still signed in.
better-auth's client keeps no token and asks its server each time. Measured on ${date.slice(0, 10)}.`
}

const between = /(<!-- faults -->\n)[\s\S]*?(<!-- \/faults -->)/

/** Writes the matrix between the markers of a document. Returns the new text. */
export function withMatrix(document: string, matrix: string): string {
  if (!between.test(document)) throw new Error('the document has no markers for the faults')
  return document.replace(between, (_, open: string, close: string) => `${open}${matrix}\n${close}`)
}
