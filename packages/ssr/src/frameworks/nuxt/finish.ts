import type { NitroApp } from 'nitropack/types'
import { writeSession } from './request-session.ts'

/**
 * Sets the cookies of what rendering has changed. If there are cookies, it also replaces the `Cache-Control` of a
 * cached route.
 */
export default function finish({ hooks }: NitroApp): void {
  hooks.hook('beforeResponse', async (event) => void (await writeSession(event)))
}
