import { expect, type Page } from '@playwright/test'
import type { SessionServer } from './session-server.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

/** The violations of the Content Security Policy in the current page. */
declare const policyViolations: string[]

/** The Console in one tab, signed in as an admin who used the invitation link. */
export class Console {
  readonly page: Page
  readonly url: string

  private constructor(page: Page, url: string) {
    this.page = page
    this.url = url
  }

  static async open(page: Page, server: SessionServer, name = 'grace@example.com'): Promise<Console> {
    await addAuthenticator(page)
    await page.addInitScript(() => {
      // The virtual authenticator accepts every passkey autofill, so it would sign in again right after a sign-out.
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)
      const violations: string[] = []
      Object.assign(globalThis, { policyViolations: violations })
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(
          `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
        ),
      )
    })
    await page.goto(server.invitation!)
    await page.getByLabel('Email or name').fill(name)
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await expect(page.getByRole('heading', { name: 'Apps', level: 1 })).toBeVisible()
    return new Console(page, `${server.url}/console`)
  }

  /** Opens a page and waits until it has loaded. */
  async visit(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`)
    await this.settle()
  }

  async settle(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(this.page.getByText('Loading…')).toHaveCount(0)
  }

  violations(): Promise<string[]> {
    return this.page.evaluate(() => policyViolations)
  }

  /** Saves edited session settings. Pass `effect` if the Console asks for confirmation first. */
  async saveSettings(effect?: 'signs people out'): Promise<void> {
    const saved = this.page.waitForResponse((response) => response.request().method() === 'PATCH')
    await this.page.getByRole('button', { name: 'Save changes' }).click()
    if (effect) await this.confirm('Save and sign people out')
    expect((await saved).status()).toBe(200)
    await expect(this.page.getByRole('button', { name: 'Save changes' })).toBeHidden()
  }

  /** Confirms the open dialog. */
  async confirm(action: string): Promise<void> {
    await this.page.getByRole('alertdialog').getByRole('button', { name: action }).click()
  }
}

/** The paths of all Console pages of one app. */
export const pagesOf = (app: string, user: string) => ({
  apps: '/apps',
  'session-management': `/apps/${app}/authentication/sessions`,
  users: `/apps/${app}/users`,
  user: `/apps/${app}/users/${user}`,
  activity: `/apps/${app}/activity`,
  keys: `/apps/${app}/keys`,
  'app-settings': `/apps/${app}/settings`,
})
