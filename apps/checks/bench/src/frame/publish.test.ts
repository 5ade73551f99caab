import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { docs, results } from './places.ts'
import { publications } from './publish.ts'

it('the published files agree with the results; after a change, run node apps/checks/bench/src/frame/publish.ts', () => {
  for (const [path, text] of publications()) expect(readFileSync(path, 'utf8'), path).toBe(text)
})

it('the folders of the results and the charts have no other files', () => {
  const charts = readdirSync(join(docs, 'performance')).map((name) => join(docs, 'performance', name))
  expect(charts.filter((path) => !publications().has(path))).toEqual([])
  expect(readdirSync(results).filter((name) => !name.endsWith('.json'))).toEqual([])
})
