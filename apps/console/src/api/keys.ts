import { queryOptions } from '@tanstack/react-query'
import type { ApiKey, newApiKey, SigningAlgorithm, SigningKey } from '@tokenkeep/protocol'
import type { z } from 'zod'
import { callApi } from './client.ts'

export type { ApiKey, SigningAlgorithm, SigningKey } from '@tokenkeep/protocol'
export const algorithms: readonly SigningAlgorithm[] = ['EdDSA', 'ES256', 'RS256']

interface SigningKeys {
  readonly signing_keys: SigningKey[]
}

export const signingKeysQuery = (app: string) =>
  queryOptions({
    queryKey: ['signing-keys', app],
    queryFn: async ({ signal }) =>
      (await callApi<SigningKeys>(`/${app}/signing-keys`, { signal })).signing_keys,
  })
/** `stolen`: drops all keys at once. */
export const rotate = (app: string, alg: SigningAlgorithm, stolen: boolean): Promise<SigningKeys> =>
  callApi(`/${app}/signing-keys`, { method: 'POST', body: { alg, stolen } })

export const apiKeysQuery = (app: string) =>
  queryOptions({
    queryKey: ['api-keys', app],
    queryFn: async ({ signal }) =>
      (await callApi<{ api_keys: ApiKey[] }>(`/${app}/api-keys`, { signal })).api_keys,
  })
/** Only this response contains the secret. */
export const createApiKey = (
  app: string,
  body: z.input<typeof newApiKey>,
): Promise<{ api_key: ApiKey; secret: string }> => callApi(`/${app}/api-keys`, { method: 'POST', body })
export const deleteApiKey = (app: string, id: string): Promise<void> =>
  callApi(`/${app}/api-keys/${id}`, { method: 'DELETE' })
