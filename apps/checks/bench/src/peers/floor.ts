import type { Open } from './peer.ts'

/** The least work for an answer: one clock read, and one settled promise to await. */
export const open: Open = async (_origin, session) => {
  const ready = Promise.resolve(session!.accessToken)
  const until = Date.now() + session!.expiresIn * 1000
  return {
    token: () => (Date.now() < until ? ready : Promise.resolve(undefined)),
    signOut: () => undefined,
  }
}
