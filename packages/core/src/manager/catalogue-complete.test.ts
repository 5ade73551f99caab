import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../../..', import.meta.url)

it('each case from F01 to F50 has a test with its id in the title', () => {
  const files = globSync(['packages/core/src/**/*.test.ts', 'apps/checks/e2e/tests/**/*.spec.ts'], {
    cwd: root.pathname,
  })
  const titles = files
    .flatMap((file) => readFileSync(new URL(file, root), 'utf8').split('\n'))
    .filter((line) => /^\s*(it|test|\[|[`'"]F\d\d)/.test(line))
    .join('\n')
  const rows = Array.from({ length: 50 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`)
  expect(rows.filter((row) => !titles.includes(row))).toEqual([])
})
