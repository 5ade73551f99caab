import type { Session } from '../peers/peer.ts'
import type { Mount } from './mounted.ts'

/** Runs in a page: holds one app, and counts the renders of its components. */
export function page(mount: Mount) {
  let renders = 0
  let refresh: () => Promise<unknown>

  /** Waits long enough for all scheduled renders. */
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
    /** Resolves to the number of renders since the app was mounted, caused by the expiry and the refresh. */
    async refresh(): Promise<number> {
      await refresh()
      await settle()
      return renders
    },
  }
}

export type PageOfApp = ReturnType<typeof page>
