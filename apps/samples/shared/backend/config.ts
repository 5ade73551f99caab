import { resolve } from 'node:path'

export interface BackendConfig {
  readonly url: string
  readonly appId: string
  readonly apiKey: string
}

export interface Config extends BackendConfig {
  readonly port: number
  /** The folder of the sample's built pages. */
  readonly pages: string
}

const required = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: set it, or start the samples with npm start`)
  return value
}

export const readBackendConfig = (): BackendConfig => ({
  url: required('TOKENKEEP_URL').replace(/\/+$/, ''),
  appId: required('TOKENKEEP_APP_ID'),
  apiKey: required('TOKENKEEP_API_KEY'),
})

export const readConfig = (): Config => ({
  ...readBackendConfig(),
  port: Number(process.env['SAMPLE_PORT'] ?? 5173),
  pages: resolve(required('SAMPLE_PAGES')),
})
