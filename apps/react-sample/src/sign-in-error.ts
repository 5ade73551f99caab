import { Refused } from './sign-in.ts'

const refusals: Record<string, string> = {
  user_not_found: 'Nobody by that name has a passkey here yet. Create one first.',
  identifier_invalid: 'That name cannot be used. Try another one.',
  identifier_taken: 'That name already has a passkey. Sign in with it instead.',
  user_exists: 'That name already has a passkey. Sign in with it instead.',
  session_server_unavailable: 'The session server does not answer. Is it running?',
}

/** What went wrong, in words for the person at the keyboard. */
export const explain = (error: unknown): string => {
  if (error instanceof Refused) return refusals[error.code] ?? `The server refused (${error.code}).`
  if (!(error instanceof Error)) return 'That did not work. Please try again.'
  switch (error.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return 'The passkey prompt was closed or timed out. Nothing has changed.'
    case 'InvalidStateError':
      return 'This device already holds a passkey for that name. Sign in with it instead.'
    case 'SecurityError':
      return 'Passkeys do not work at this address. Open the page at the one it was set up for.'
    case 'TypeError':
      return 'The server does not answer. Check that it is running, then try again.'
    default:
      return 'That did not work. Please try again.'
  }
}
