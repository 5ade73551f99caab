import { expect, it } from 'vitest'
import type { Report, Row } from '../frame/report.ts'
import { faultMatrix, withMatrix } from './matrix.ts'

const report = (rows: Row[]): Report => ({
  name: 'faults',
  title: 'Faults',
  method: '',
  date: '2026-11-24T12:00:00.000Z',
  seconds: 1,
  machine: '',
  versions: {},
  tables: [
    {
      title: 'Still signed in?',
      columns: [
        { key: 'name', title: 'package' },
        { key: 'version', title: 'version' },
        { key: '500', title: '500, 10 s grace' },
        { key: 'out', title: 'sign-out offline' },
      ],
      rows,
    },
  ],
})

it('shows a mark for each client, and the number of refreshes only if most clients sent another number', () => {
  const matrix = faultMatrix(
    report([
      { name: 'a', version: '1.0.0', 500: '✓ 2', out: 'revoked later' },
      { name: 'b', version: '1.0.0', 500: '✓ 2', out: 'never revoked' },
      { name: 'c', version: '1.0.0', 500: '✗ 7', out: 'still signed in' },
      { name: 'd', version: '1.0.0', 500: 'failed: no page', out: 'tokens per tab' },
    ]),
  )
  expect(matrix.split('\n').slice(0, 6)).toEqual([
    '| client | 500 | sign-out offline |',
    '|---|---|---|',
    '| a | ✓ | ✓ |',
    '| b | ✓ | ◐ |',
    '| c | ✗ 7 | ✗ |',
    '| d | failed | – |',
  ])
  expect(matrix).toContain('Measured on 2026-11-24.')
})

it('replaces the text between the markers', () => {
  const document = 'before\n<!-- faults -->\nold\n$1\n<!-- /faults -->\nafter'
  expect(withMatrix(document, '$& new')).toBe('before\n<!-- faults -->\n$& new\n<!-- /faults -->\nafter')
  expect(() => withMatrix('no markers', '')).toThrow('no markers')
})
