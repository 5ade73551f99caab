import type { ServerSession } from '@tokenkeep/ssr'

/** How many components of a page ask for the token. */
export const COMPONENTS = 8

/** Returns what a component gets: the token, or the code of the error. */
export const tokenOrCode = (session: ServerSession): Promise<string> =>
  session.getAuthToken().catch(({ code }: { code: string }) => `error: ${code}`)
