import type { SignedOutReason, TokenErrorCode } from '@tokenkeep/core'

/** What no state shows, for logs and metrics. An event never carries a token. */
export type SessionEvent =
  /**
   * A refresh has ended. `code` says why it brought no token; `reason` says why the session is over. If both are absent,
   * there is a new token.
   */
  | {
      readonly type: 'refresh-ended'
      readonly code: TokenErrorCode | undefined
      readonly reason: SignedOutReason | undefined
    }
  /**
   * The record does not fit into a cookie, so its auth token was left out: each request fetches one. Make the auth token's
   * claims smaller. Reported once per process.
   */
  | { readonly type: 'record-too-large'; readonly characters: number }
  /**
   * The store failed. Nobody is signed out: refreshes fail as `unreachable` until it answers again, and sign-outs are
   * completed later. Check that the store runs, and that its table exists. `cause`: what the store's client said.
   */
  | { readonly type: 'store-failed'; readonly cause: unknown }
