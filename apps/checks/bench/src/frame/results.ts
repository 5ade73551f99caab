import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { benches } from '../benches.ts'
import { results } from './places.ts'
import type { Report, WholeRun } from './report.ts'

const fileOf = (name: string): string => join(results, `${name}.json`)
const keep = (name: string, value: object): void =>
  writeFileSync(fileOf(name), `${JSON.stringify(value, null, 2)}\n`)
const read = <T>(name: string): T | undefined =>
  existsSync(fileOf(name)) ? (JSON.parse(readFileSync(fileOf(name), 'utf8')) as T) : undefined

export const keepReport = (report: Report): void => keep(report.name, report)
export const keepWholeRun = (run: WholeRun): void => keep('whole-run', run)

/** Returns the stored results, in the order of the documentation. */
export const keptReports = (): Report[] => Object.keys(benches).flatMap((name) => read<Report>(name) ?? [])
export const keptWholeRun = (): WholeRun | undefined => read('whole-run')
