import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { statisticsQuery } from './activity.ts'

/** Returns the number of live sessions of an app, as last sampled. Undefined until it is known. */
export function useLiveSessions(app: string): number | undefined {
  const [since] = useState(() => Math.floor(Date.now() / 1000) - 3600)
  const { data } = useQuery(statisticsQuery(app, since, 60))
  return data?.points.findLast((point) => point.live_sessions !== undefined)?.live_sessions
}
