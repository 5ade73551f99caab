import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { TokenManager } from '@tokenkeep/core'

export interface Config {
  readonly url: string
  readonly appId: string
}

type AuthResult = Parameters<TokenManager['signIn']>[0]
type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

interface Started<Options> {
  readonly handshake: { readonly id: string; readonly challenge: { readonly publicKey: Options } }
  readonly user?: { readonly id: string }
}

/** The server's refusal, by its code. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

const post = async <T>(url: string, body: object): Promise<T> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw new Refused((answer as { code?: string } | undefined)?.code ?? `${response.status}`)
  return answer as T
}

const finish = async (url: string, body: object): Promise<AuthResult> =>
  (await post<{ auth_result: AuthResult }>(url, body)).auth_result

/** The three ways in. Each ends with what `signIn()` takes. */
export const waysIn = ({ url, appId }: Config) => {
  const base = `${url}/v1/apps/${appId}`
  return {
    createPasskey: async (identifier: string) => {
      const at = `${base}/register/webauthn`
      const { handshake, user } = await post<Started<RegistrationOptions>>(`${at}/start`, { identifier })
      const response = await startRegistration({ optionsJSON: handshake.challenge.publicKey })
      return finish(`${at}/finish`, {
        handshake_id: handshake.id,
        handshake_response: response,
        user_id: user?.id,
      })
    },
    usePasskey: async (identifier: string) => {
      const at = `${base}/login/webauthn`
      const { handshake } = await post<Started<AuthenticationOptions>>(`${at}/start`, { identifier })
      const response = await startAuthentication({ optionsJSON: handshake.challenge.publicKey })
      return finish(`${at}/finish`, { handshake_id: handshake.id, handshake_response: response })
    },
    throughBackend: (identifier: string) => finish('/session', { identifier }),
  }
}

export type WayIn = keyof ReturnType<typeof waysIn>
