import { z } from 'zod'
import { eventTypes } from '../../api/activity.ts'

export const ranges = ['24h', '7d', '30d'] as const
export type Range = (typeof ranges)[number]

/** The search parameters of the activity page. An invalid value counts as absent. */
export const activitySearch = z.object({
  range: z.enum(ranges).optional().catch(undefined),
  type: z.array(eventTypes).optional().catch(undefined),
  user: z.string().optional().catch(undefined),
  session: z.string().optional().catch(undefined),
})
export type ActivitySearch = z.infer<typeof activitySearch>
