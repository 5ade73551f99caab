import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { docs, results } from './places.ts'
import { publications } from './publish.ts'

it('publishes exactly the figures of the results (after a change: node apps/checks/bench/src/frame/publish.ts)', () => {
  for (const [path, text] of publications()) expect(readFileSync(path, 'utf8'), path).toBe(text)
})

it('has no other file beside the results and the charts', () => {
  const charts = readdirSync(join(docs, 'performance')).map((name) => join(docs, 'performance', name))
  expect(charts.filter((path) => !publications().has(path))).toEqual([])
  expect(readdirSync(results).filter((name) => !name.endsWith('.json'))).toEqual([])
})
