import type { Session } from '../peers/peer.ts'
import type { Mount } from './mounted.ts'

/** What runs in a page: one app, and the count of its components' renders. */
export function page(mount: Mount) {
  let renders = 0
  let refresh: () => Promise<unknown>

  /** Long enough for what is scheduled to have been rendered. */
  async function settle(): Promise<void> {
    for (let last = -1; last !== renders;) {
      last = renders
      for (let frame = 0; frame < 10; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  }

  return {
    async mount(session: Session): Promise<number> {
      const root = document.createElement('div')
      document.body.append(root)
      refresh = await mount(session, () => (renders += 1), root)
      await settle()
      return renders
    },
    /** Renders since the mount was complete, a refresh and what led to it included. */
    async refresh(): Promise<number> {
      await refresh()
      await settle()
      return renders
    },
  }
}

export type PageOfApp = ReturnType<typeof page>
