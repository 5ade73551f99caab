import { useQuery } from '@tanstack/react-query'
import { sessionsQuery } from '../../api/users.ts'
import { t } from '../../texts/index.ts'

/** Says how many sessions of a user an action ends, and on how many devices. */
export function EndingSessions({ app, user }: { readonly app: string; readonly user: string }) {
  const { data } = useQuery(sessionsQuery(app, user))
  return data && <p>{t.user.sessions.ends(data.total_sessions, data.total_devices)}</p>
}
