export interface PasskeysOptions {
  /** The address of the session server, such as `https://auth.example.com`. */
  readonly server: string
  readonly appId: string
  /**
   * `cookie`: the server puts the refresh token into an HttpOnly cookie, which no script can read. Use it with a manager whose
   * transport is `withCookie(…)`, on pages of the server's own site. Default: the refresh token is in the result.
   */
  readonly storage?: 'cookie' | undefined
}

/** A framework that does not find a property sets an attribute of its name. */
const PROPERTY = /^(manager|storesession|beforeauth|proof)$/
const HOW_TO_SET_A_PROPERTY =
  'Import @tokenkeep/elements/define before the element is rendered; in React 18, set the property through a ref.'

/** What the author of an element's page has to mend. */
export function mistakeOf(element: HTMLElement): string | undefined {
  if (!element.getAttribute('app-id')) return 'has no app-id: set the attribute app-id to the id of your app.'
  const name = element.getAttributeNames().find((attribute) => PROPERTY.test(attribute.replaceAll('-', '')))
  return name && `has the attribute ${name}, which must be a property. ${HOW_TO_SET_A_PROPERTY}`
}

/**
 * The app and the server of an element.
 *
 * @throws TypeError if the page has a mistake: the session must not go to a place that the page did not choose
 */
export function addressOf(element: HTMLElement): PasskeysOptions {
  const mistake = mistakeOf(element)
  if (mistake) throw new TypeError(`<${element.localName}> ${mistake}`)
  return {
    server: element.getAttribute('server') ?? location.origin,
    appId: element.getAttribute('app-id')!,
    storage: element.getAttribute('storage') === 'cookie' ? 'cookie' : undefined,
  }
}

/** The URL below which the paths of an app are. */
export const appUrl = ({ server, appId }: Pick<PasskeysOptions, 'server' | 'appId'>): string =>
  new URL(`v1/apps/${encodeURIComponent(appId)}/`, server.replace(/\/?$/, '/')).href
