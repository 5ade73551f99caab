import type { AuthState, SignedOutReason } from '@tokenkeep/core'

const reasons: Record<SignedOutReason, string> = {
  none: 'Nobody is signed in.',
  'signed-out': 'You signed out.',
  revoked: 'You or an administrator ended the session elsewhere.',
  reused: 'A copy of the refresh token was used, so the server ended the session.',
  displaced: 'A copy of the refresh token was used, so this device ended the session.',
  expired: 'The session has expired.',
  inactive: 'The session was not used for too long.',
  unreadable: 'The browser cannot read the stored session.',
}

/** Describes the auth state for the user. */
export const sentenceOf = (state: AuthState): string => {
  switch (state.status) {
    case 'valid':
      return 'The token is valid. Every call carries it.'
    case 'refreshing':
      return state.session ? 'Getting a new token: one request for all callers.' : 'Looking for a session…'
    case 'expired':
      return state.cause
        ? `Still signed in, but the last refresh failed (${state.cause.code}). The next try follows soon.`
        : 'Still signed in. The next call fetches a new token.'
    case 'signed-out':
      return reasons[state.reason]
  }
}
