import { expect, type Page } from '@playwright/test'
import type { SessionServer } from './session-server.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

/** What the strict policy had to object to, gathered in each page. */
declare const policyViolations: string[]

/** The Console in one tab, as an admin who came by the invitation link sees it. */
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
      // The virtual authenticator would take each offer in the autofill, and sign in again whoever signs out.
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

  /** Opens a page of an app, and waits until nothing is loading. */
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

  /** Saves the session settings that were edited. What signs people out is asked about first. */
  async saveSettings(effect?: 'signs people out'): Promise<void> {
    const saved = this.page.waitForResponse((response) => response.request().method() === 'PATCH')
    await this.page.getByRole('button', { name: 'Save changes' }).click()
    if (effect) await this.confirm('Save and sign them out')
    expect((await saved).status()).toBe(200)
    await expect(this.page.getByRole('button', { name: 'Save changes' })).toBeHidden()
  }

  /** Confirms the dialog that is open. */
  async confirm(action: string): Promise<void> {
    await this.page.getByRole('alertdialog').getByRole('button', { name: action }).click()
  }
}

/** Every page of the Console, for an app. */
export const pagesOf = (app: string, user: string) => ({
  apps: '/apps',
  'session-management': `/apps/${app}/authentication/sessions`,
  users: `/apps/${app}/users`,
  user: `/apps/${app}/users/${user}`,
  activity: `/apps/${app}/activity`,
  keys: `/apps/${app}/keys`,
  'app-settings': `/apps/${app}/settings`,
})
