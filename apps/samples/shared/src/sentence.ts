import type { AuthState, SignedOutReason } from '@tokenkeep/core'

const reasons: Record<SignedOutReason, string> = {
  none: 'Nobody has signed in here yet.',
  'signed-out': 'You signed out.',
  revoked: 'The session was ended elsewhere.',
  reused: 'The session was used by somebody else too, and has been ended.',
  expired: 'The session reached the end of its life.',
  inactive: 'The session was not used for too long.',
  unreadable: 'The browser lost the session.',
}

/** The auth state, in words for the person at the keyboard. */
export const sentenceOf = (state: AuthState): string => {
  switch (state.status) {
    case 'valid':
      return 'The token works: every call goes out with it.'
    case 'refreshing':
      return state.session
        ? 'A new token is on its way; one request, whatever asks.'
        : 'Looking for a session…'
    case 'expired':
      return state.cause
        ? `Still signed in, but the last refresh failed (${state.cause.code}). It will be tried again.`
        : 'Still signed in. The next call fetches a new token.'
    case 'signed-out':
      return reasons[state.reason]
  }
}
