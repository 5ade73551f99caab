import type { Page } from '@playwright/test'

/**
 * Gives this tab an authenticator that confirms everything: that of the platform, or a key on USB. Resolves to a function that
 * takes it away with its passkeys, as on another device.
 */
export const addAuthenticator = async (
  page: Page,
  transport: 'internal' | 'usb' = 'internal',
): Promise<() => Promise<void>> => {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return async () => {
    await client.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  }
}
