import type { Page } from '@playwright/test'

export interface Authenticator {
  /** Whether it confirms by itself. While it does not, prompts stay open. */
  confirm(automatic: boolean): Promise<void>
}

/** Gives this tab a platform authenticator that confirms everything. */
export const addAuthenticator = async (page: Page): Promise<Authenticator> => {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async confirm(enabled) {
      await client.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
  }
}
