import { expect, type Locator, type Page } from '@playwright/test'

type Counter = 'api-ok' | 'api-failed' | 'api-waiting'

/** A sample in one tab. All samples have the same routes and test ids. */
export class SampleTab {
  readonly page: Page
  readonly state: Locator
  readonly fingerprint: Locator
  /** Every change to signed-out since the page was opened. */
  readonly signedOutEntries: Locator

  private constructor(page: Page) {
    this.page = page
    // While one page of the sample gives way to another, both may show the state.
    this.state = page.getByTestId('state').last()
    this.fingerprint = page.getByTestId('token-fingerprint')
    this.signedOutEntries = page.getByTestId('transitions').locator('li[data-status="signed-out"]')
  }

  static async open(page: Page, url: string): Promise<SampleTab> {
    await page.goto(url)
    return new SampleTab(page)
  }

  /** Follows a link of the navigation. */
  async visit(page: 'Twenty calls' | 'Account'): Promise<void> {
    await this.page.getByRole('link', { name: page }).click()
  }

  async count(counter: Counter): Promise<number> {
    return Number(await this.page.getByTestId(counter).textContent())
  }

  async press(
    button: 'passkey-sign-up' | 'passkey-sign-in' | 'backend-sign-in',
    name: string,
  ): Promise<void> {
    await this.page.getByTestId('identifier').fill(name)
    await this.page.getByTestId(button).click()
    await expect(this.state).toHaveText('valid')
  }

  /** Signs out, and waits until the server has responded to the revocation. */
  async signOut(): Promise<void> {
    const revoked = this.page.waitForResponse((response) => response.request().method() === 'DELETE')
    await this.page.getByTestId('sign-out').click()
    await revoked
    await expect(this.state).toHaveText('signed-out')
  }

  /** Waits until the API has responded `times` times since the page was loaded. */
  async apiAnswers(times = 1): Promise<void> {
    await expect.poll(() => this.count('api-ok')).toBeGreaterThanOrEqual(times)
  }

  /** Returns the auth token that this tab uses now. `accepted` asks the sample's backend whether it still accepts the token. */
  async authToken(sample: string): Promise<{ accepted(): Promise<boolean> }> {
    const request = await this.page.waitForRequest('**/api/time')
    const { authorization = '' } = await request.allHeaders()
    return { accepted: async () => (await fetch(`${sample}/api/time`, { headers: { authorization } })).ok }
  }

  /** Waits until the API has responded `times` more times. */
  async apiAnswersAgain(times = 1): Promise<void> {
    await this.apiAnswers((await this.count('api-ok')) + times)
  }
}
