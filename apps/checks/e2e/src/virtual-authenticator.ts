import type { Page } from '@playwright/test'

/** `hasResidentKey`: whether the authenticator stores passkeys, so that it can sign in without a name. Default: true. */
export type AuthenticatorKind = [transport?: 'internal' | 'usb', hasResidentKey?: boolean]

/**
 * Gives this tab an authenticator that confirms everything: that of the platform, or a key on USB. Resolves to a function that
 * takes it away with its passkeys, as on another device.
 */
export const addAuthenticator = async (
  page: Page,
  ...[transport = 'internal', hasResidentKey = true]: AuthenticatorKind
): Promise<() => Promise<void>> => {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return async () => {
    await client.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  }
}
