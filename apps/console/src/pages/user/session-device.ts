import type { SessionOfUser } from '../../api/users.ts'
import { auth } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { deviceOf } from './device.ts'

/** True for the session that this Console itself uses. */
export const isCurrentSession = ({ id }: SessionOfUser): boolean => auth.session()?.id === id

/** Returns the browser and operating system of a session, such as `Chrome on Linux`. */
export function deviceName({ user_agent }: SessionOfUser): string {
  const device = deviceOf(user_agent)
  return device ? t.user.sessions.on(device.browser, device.system) : t.user.sessions.unknown
}
