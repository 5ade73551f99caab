// Creates a user for each line of a CSV file with a column `email`, `phone` or `identifier`. May be run again: whoever
// is there already stays as they are. The other columns go into the user's metadata.
//
//   TOKENKEEP_URL=… TOKENKEEP_APP_ID=… TOKENKEEP_API_KEY=… node import-users.mjs users.csv
import { readFile } from 'node:fs/promises'
import { createBackend, isManagementError } from '@tokenkeep/backend'

/** The rows of a CSV file (RFC 4180). */
function* rowsOf(text) {
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
if (!url || !appId || !apiKey || !file) throw new Error('see the first lines of this file')

const { users } = createBackend({ url, appId, apiKey })
const [columns, ...rows] = rowsOf((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
const counts = { created: 0, 'there already': 0, 'without a name': 0 }
for (const row of rows) {
  const { email, phone, identifier, ...user_metadata } = Object.fromEntries(
    columns.map((column, index) => [column.trim(), row[index] ?? '']),
  )
  const name = email || phone || identifier
  try {
    if (name) await users.create({ identifier: name, user_metadata })
    counts[name ? 'created' : 'without a name']++
  } catch (error) {
    if (!isManagementError(error) || error.code !== 'conflict') throw error
    counts['there already']++
  }
}
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', '),
)
