import type { ServerSession } from '@tokenkeep/ssr'

declare global {
  namespace App {
    interface Locals {
      session: ServerSession
    }
  }
}
