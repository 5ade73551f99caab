import { queryOptions } from '@tanstack/react-query'
import type { Invitation } from '@tokenkeep/protocol'
import { callApi } from './client.ts'

export type { Invitation } from '@tokenkeep/protocol'

export interface NewInvitation {
  readonly invitation: Invitation
  readonly secret: string
  /** The link, if the invitation is for an admin. */
  readonly url?: string
}

export const invitationsQuery = (app: string) =>
  queryOptions({
    queryKey: ['invitations', app],
    queryFn: async ({ signal }) =>
      (await callApi<{ invitations: Invitation[] }>(`/${app}/invitations`, { signal })).invitations,
  })

/** `user`: whose passkeys the invitation replaces. Without one, it lets one person sign up. */
export const invite = (app: string, user?: string): Promise<NewInvitation> =>
  callApi(`/${app}/invitations`, { method: 'POST', body: user === undefined ? {} : { user_id: user } })

export const withdrawInvitation = (app: string, invitation: string): Promise<void> =>
  callApi(`/${app}/invitations/${invitation}`, { method: 'DELETE' })
