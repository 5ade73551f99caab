import { queryOptions } from '@tanstack/react-query'
import type { ManagedApp, SettingsChange, SigningAlgorithm } from '@tokenkeep/protocol'
import { callApi } from './client.ts'

export type { ManagedApp, SettingsChange } from '@tokenkeep/protocol'

export const appsQuery = () =>
  queryOptions({
    queryKey: ['apps'],
    queryFn: async ({ signal }) => (await callApi<{ apps: ManagedApp[] }>('', { signal })).apps,
  })

export const appQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app],
    queryFn: async ({ signal }) => (await callApi<{ app: ManagedApp }>(`/${app}`, { signal })).app,
  })

export interface NewApp {
  readonly id?: string
  readonly name: string
  readonly auth_origin: string
  readonly redirect_url: string
  readonly alg: SigningAlgorithm
}
export const createApp = async (body: NewApp): Promise<ManagedApp> =>
  (await callApi<{ app: ManagedApp }>('', { method: 'POST', body })).app

/** Rejects with the code `conflict` if someone has changed the settings since `version`. */
export const changeSettings = async (
  app: string,
  version: number,
  body: SettingsChange,
): Promise<ManagedApp> =>
  (await callApi<{ app: ManagedApp }>(`/${app}/settings`, { method: 'PATCH', body, ifMatch: version })).app

/** Ends every session of the app. */
export const endAllSessions = (app: string): Promise<void> =>
  callApi(`/${app}/sessions`, { method: 'DELETE' })
