import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Event, EventType, Point } from '@tokenkeep/protocol'
import { call, query } from './client.ts'

export { eventType as eventTypes } from '@tokenkeep/protocol'
export type { Event, EventType, Point } from '@tokenkeep/protocol'

export interface EventsAsked {
  readonly type?: readonly EventType[] | undefined
  readonly user_id?: string | undefined
  readonly session_id?: string | undefined
  /** Unix seconds. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Of one page. */
  readonly limit: number
}
interface EventsPage {
  readonly events: Event[]
  readonly next_cursor?: string
}

const eventsPage = (
  app: string,
  asked: EventsAsked,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<EventsPage> =>
  call<EventsPage>(`/${app}/events${query({ ...asked, cursor })}`, signal && { signal })

/** Every page, one after the other. */
export async function allEvents(app: string, asked: EventsAsked): Promise<readonly Event[]> {
  const events: Event[] = []
  let cursor: string | undefined
  do {
    // oxlint-disable-next-line no-await-in-loop -- Each page tells where the next one begins.
    const page = await eventsPage(app, asked, cursor)
    events.push(...page.events)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return events
}

export const eventsQuery = (app: string, asked: EventsAsked) =>
  infiniteQueryOptions({
    queryKey: ['events', app, asked],
    queryFn: ({ pageParam, signal }) => eventsPage(app, asked, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })

export interface Statistics {
  readonly step: number
  readonly points: Point[]
}
/** `from` and `step` are seconds. */
export const statisticsQuery = (app: string, from: number, step: number) =>
  queryOptions({
    queryKey: ['statistics', app, from, step],
    queryFn: ({ signal }) => call<Statistics>(`/${app}/statistics${query({ from, step })}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })

/** Who changed the settings last. `version` makes it a question of its own after each change. */
export const latestSettingsEvent = (app: string, version: number) =>
  queryOptions({
    queryKey: ['settings-event', app, version],
    queryFn: async ({ signal }) =>
      (await call<EventsPage>(`/${app}/events${query({ type: 'settings', limit: 1 })}`, { signal }))
        .events[0] ?? null,
  })
