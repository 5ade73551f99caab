import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Event, EventType, Point } from '@tokenkeep/protocol'
import { callApi, queryString } from './client.ts'
import { refetchEvery } from './query-client.ts'

export { eventType as eventTypes } from '@tokenkeep/protocol'
export type { Event, EventType, Point } from '@tokenkeep/protocol'

export interface EventsParams {
  readonly type?: readonly EventType[] | undefined
  readonly user_id?: string | undefined
  readonly session_id?: string | undefined
  /** Unix seconds, like `to`. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Events per page. */
  readonly limit: number
}
interface EventsPage {
  readonly events: Event[]
  readonly next_cursor?: string
}

const eventsPage = (
  app: string,
  params: EventsParams,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<EventsPage> =>
  callApi<EventsPage>(`/${app}/events${queryString({ ...params, cursor })}`, signal && { signal })

/** Loads all pages of the audit trail, one after the other. */
export async function allEvents(app: string, params: EventsParams): Promise<readonly Event[]> {
  const events: Event[] = []
  let cursor: string | undefined
  do {
    // oxlint-disable-next-line no-await-in-loop -- Each page carries the cursor of the next one.
    const page = await eventsPage(app, params, cursor)
    events.push(...page.events)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return events
}

export const eventsQuery = (app: string, params: EventsParams) =>
  infiniteQueryOptions({
    queryKey: ['events', app, params],
    queryFn: ({ pageParam, signal }) => eventsPage(app, params, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })

export interface Statistics {
  readonly step: number
  readonly points: Point[]
}
/** `from` is Unix seconds, `step` is seconds. Refetches every 30 seconds. */
export const statisticsQuery = (app: string, from: number, step: number) =>
  queryOptions({
    queryKey: ['statistics', app, from, step],
    queryFn: ({ signal }) =>
      callApi<Statistics>(`/${app}/statistics${queryString({ from, step })}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refetchEvery(30_000),
  })

/** Queries the latest change of an app's settings. `version` is part of the key, so that each version has its own query. */
export const latestSettingsEvent = (app: string, version: number) =>
  queryOptions({
    queryKey: ['settings-event', app, version],
    queryFn: async ({ signal }) =>
      (await callApi<EventsPage>(`/${app}/events${queryString({ type: 'settings', limit: 1 })}`, { signal }))
        .events[0] ?? null,
  })
