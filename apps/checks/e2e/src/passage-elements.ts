import { expect, type Locator, type Page } from '@playwright/test'
import { passageTest } from './passage-fixtures.ts'

interface Heard {
  readonly calls: [name: string, ...values: unknown[]][]
}
declare const window: Window & { readonly heard: Heard }

/**
 * The element of the page's path, such as `/1.5.1/passage-auth?identifier=x`. The query sets its attributes. `own` leaves
 * `onSuccess` unset, `stop` makes `beforeAuth` return false, and `store` sets a `tokenStore` of the app.
 */
const script = (version: string, name: string): string => `
  import 'passage-elements-${version}/${name}'
  import { PassageUser } from 'passage-elements-${version}/passage-user'
  const element = document.createElement('${name}')
  element.setAttribute('app-id', 'demo')
  const { own, stop, store, ...attributes } = Object.fromEntries(new URLSearchParams(location.search))
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
  const calls = []
  element.beforeAuth = (...values) => { calls.push(['beforeAuth', ...values]); return stop === undefined }
  element.onEvent = (...values) => calls.push(['onEvent', ...values])
  if (own === undefined) element.onSuccess = (...values) => calls.push(['onSuccess', ...values])
  if (store !== undefined) element.tokenStore = {
    getAuthToken: async () => sessionStorage.getItem('auth') ?? '',
    getRefreshToken: async () => sessionStorage.getItem('refresh') ?? undefined,
    setTokens: async ({ auth_token, refresh_token }) => {
      sessionStorage.setItem('auth', auth_token)
      sessionStorage.setItem('refresh', refresh_token)
    },
    clearTokens: async () => sessionStorage.clear(),
  }
  Object.assign(globalThis, { PassageUser, element, heard: { calls } })
  document.querySelector('main').append(element)
`
export const versions = ['1.5.1', '1.23.1'] as const
const names = [
  'passage-auth',
  'passage-login',
  'passage-register',
  'passage-profile',
  'passage-passkey-table',
]

/** Tests on pages with each of Passage's elements, in both versions. */
export const elementsTest = passageTest.extend({
  scripts: Object.fromEntries(
    versions.flatMap((version) =>
      // 1.5.1 has no element for the passkeys alone.
      names
        .filter((name) => version !== '1.5.1' || name !== 'passage-passkey-table')
        .map((name) => [`/${version}/${name}`, script(version, name)]),
    ),
  ),
})

/** A part of an element by the name that its authors test it by. */
export const part = (page: Page, name: string): Locator =>
  page.locator(`:is([data-test=${name}], [data-testid=${name}]):visible`)
export const answer = async (page: Page, identifier: string): Promise<void> => {
  await part(page, 'identifier-input').fill(identifier)
  await part(page, 'continue-button').click()
}
/** The calls of one of the element's callbacks. */
export const heard = (page: Page, name: string) =>
  page.evaluate((wanted) => window.heard.calls.filter(([called]) => called === wanted), name)
/** Waits for the end of a sign-in or a sign-up. */
export const success = async (page: Page): Promise<Record<string, unknown>> => {
  await expect.poll(() => heard(page, 'onSuccess')).toHaveLength(1)
  return (await heard(page, 'onSuccess'))[0]![1] as Record<string, unknown>
}
export const signUp = async (page: Page, url: string, version: string, identifier: string) => {
  await page.goto(`${url}/${version}/passage-register`)
  await answer(page, identifier)
  await part(page, 'register-main-button').click()
  return success(page)
}
/** Forgets the session and the name that the element remembers, without telling the server. */
export const forget = (page: Page) => page.evaluate(() => localStorage.clear())
