// Creates a user for each row of a CSV file with a column `email`, `phone` or `identifier`. It can run again: existing
// users are not changed. The other columns go into the user's metadata.
//
//   TOKENKEEP_URL=… TOKENKEEP_APP_ID=… TOKENKEEP_API_KEY=… node import-users.mjs users.csv
import { readFile } from 'node:fs/promises'
import { createBackend, isManagementError } from '@tokenkeep/backend'

/** Yields the rows of a CSV file (RFC 4180). */
function* parseCsv(text) {
  let row = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    if (row.some(Boolean)) yield row
    row = []
  }
}

const { TOKENKEEP_URL: url, TOKENKEEP_APP_ID: appId, TOKENKEEP_API_KEY: apiKey } = process.env
const [file] = process.argv.slice(2)
if (!url || !appId || !apiKey || !file)
  throw new Error('Set the three variables and name a CSV file, as the first lines of this script show.')

const { users } = createBackend({ url, appId, apiKey })
const [columns, ...rows] = parseCsv((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
const counts = { created: 0, existing: 0, 'without an identifier': 0 }
for (const row of rows) {
  const { email, phone, identifier, ...user_metadata } = Object.fromEntries(
    columns.map((column, index) => [column.trim(), row[index] ?? '']),
  )
  const name = email || phone || identifier
  try {
    if (name) await users.create({ identifier: name, user_metadata })
    counts[name ? 'created' : 'without an identifier']++
  } catch (error) {
    if (!isManagementError(error) || error.code !== 'conflict') throw error
    counts.existing++
  }
}
console.log(
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', '),
)
