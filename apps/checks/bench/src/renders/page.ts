import type { Session } from '../peers/peer.ts'
import type { Mount } from './mounted.ts'

/** Runs in a page: one app, and the count of its components' renders. */
export function page(mount: Mount) {
  let renders = 0
  let refresh: () => Promise<unknown>

  /** Waits until scheduled renders are done. */
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
    /** Renders since the end of the mount, with a refresh and the expiry before it. */
    async refresh(): Promise<number> {
      await refresh()
      await settle()
      return renders
    },
  }
}

export type PageOfApp = ReturnType<typeof page>
