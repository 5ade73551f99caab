import { createPasskeys } from '@tokenkeep/elements'
import type { TokenManager } from '@tokenkeep/core'

export interface Config {
  readonly url: string
  readonly appId: string
}

type AuthResult = Parameters<TokenManager['signIn']>[0]

/** The error of a sign-in that the sample's own backend refused. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** Signs in through the sample's own backend, which asks only for a name. */
const throughBackend = async (identifier: string): Promise<AuthResult> => {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier }),
  })
  const answer = (await response.json().catch(() => ({}))) as { auth_result: AuthResult; code?: string }
  if (!response.ok) throw new Refused(answer.code ?? `${response.status}`)
  return answer.auth_result
}

/** Returns the three methods to sign in. The result of each is what a token manager's `signIn()` takes. */
export const signInMethods = ({ url, appId }: Config) => {
  const passkeys = createPasskeys({ server: url, appId })
  return {
    createPasskey: (identifier: string): Promise<AuthResult> => passkeys.signUp(identifier),
    usePasskey: (identifier: string): Promise<AuthResult> => passkeys.signIn(identifier),
    throughBackend,
  }
}

export type SignInMethod = keyof ReturnType<typeof signInMethods>
