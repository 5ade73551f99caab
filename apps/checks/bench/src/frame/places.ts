import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const app = place('.')
export const results = place('results')
export const docs = place('../../../docs')
export const readme = place('../../../README.md')

mkdirSync(results, { recursive: true })
mkdirSync(`${docs}/performance`, { recursive: true })
