import { createAuthenticator } from './authenticator.ts'
import { origin, type World } from './world.ts'

export type Authenticator = ReturnType<typeof createAuthenticator>

interface Begun {
  readonly handshake: {
    readonly id: string
    readonly challenge: { readonly publicKey: { readonly challenge: string } }
  }
  readonly user?: { readonly id: string }
}

/** Runs ceremonies of a person's authenticator against an app, from a page of `site`. Each step is a response, so that a test can look at it. */
export function createCeremonies(world: World, app = 'demo', site = origin) {
  const call = (path: string, body: object, headers: object = {}) =>
    world.ask('POST', `//v1/apps/${app}${path}`, body, { origin: site, ...headers })
  const finish = async (
    path: string,
    started: Response,
    respond: (publicKey: never) => object,
    headers = {},
  ) => {
    if (started.status !== 200) return started
    const { handshake } = (await started.json()) as Begun
    const handshake_response = respond(handshake.challenge.publicKey as never)
    return call(path, { handshake_id: handshake.id, handshake_response }, headers)
  }
  return {
    call,
    startSignUp: (body: object) => call('/register/webauthn/start', body),
    finishSignUp: (started: Response, authenticator: Authenticator) =>
      finish('/register/webauthn/finish', started, authenticator.register),
    async signUp(authenticator: Authenticator, body: object): Promise<Response> {
      return this.finishSignUp(await this.startSignUp(body), authenticator)
    },
    signIn: async (authenticator: Authenticator, body: object = {}) =>
      finish('/login/webauthn/finish', await call('/login/webauthn/start', body), authenticator.signIn),
    async add(authenticator: Authenticator, authToken: string): Promise<Response> {
      const headers = { authorization: `Bearer ${authToken}` }
      const started = await call('/currentuser/devices/start', {}, headers)
      return finish('/currentuser/devices/finish', started, authenticator.register, headers)
    },
    startReauthentication: (authToken: string) =>
      call('/currentuser/reauthentication/start', {}, { authorization: `Bearer ${authToken}` }),
    async reauthenticate(authenticator: Authenticator, authToken: string): Promise<Response> {
      const headers = { authorization: `Bearer ${authToken}` }
      const started = await this.startReauthentication(authToken)
      return finish('/currentuser/reauthentication/finish', started, authenticator.signIn, headers)
    },
  }
}
