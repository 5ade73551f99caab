export interface CookieOptions {
  /** `strict`: the cookies are missing on the first page that a link on another site opens. Default: `lax`. */
  readonly sameSite?: 'lax' | 'strict'
  /**
   * Sends the cookies to the subdomains too, such as `example.com`. Then any subdomain can also write them: the prefix
   * `__Host-`, which prevents that, is left out. Default: the cookies belong to one host.
   */
  readonly domain?: string
}

/** The names and the attributes of an app's two cookies. */
export interface CookieNames {
  /**
   * The cookie that says which record counts: an epoch, or `out`. A script can read it. Only a sign-in and a sign-out
   * write it.
   */
  readonly epoch: string
  /** The HttpOnly cookie of a record: its name ends in its epoch, so that no late response overwrites another session. */
  record(epoch: string): string
  /** Returns the epoch in the name of a record's cookie, or undefined for any other name. */
  epochOf(name: string): string | undefined
  readonly attributes: {
    readonly path: '/'
    readonly secure: boolean
    readonly sameSite: 'lax' | 'strict'
    readonly domain?: string
  }
}

/** The longest cookie that a browser keeps, name and value (RFC 6265bis section 5.6). Characters. */
export const MAX_COOKIE_LENGTH = 4096
/** The value of the epoch cookie after a sign-out. */
export const SIGNED_OUT = 'out'
const EPOCH = /^[\w-]{22}$/

export const isEpoch = (value: string): boolean => EPOCH.test(value)

/**
 * Names the cookies of an app. Browsers refuse the prefixes on http, so an origin with http has none.
 *
 * @throws TypeError if the app's id cannot be part of a cookie's name
 */
export function nameCookies(
  appId: string,
  origin: string,
  { sameSite = 'lax', domain }: CookieOptions = {},
): CookieNames {
  if (!/^[\w-]+$/.test(appId))
    throw new TypeError('appId must consist of letters, digits, _ and -: it is part of a cookie’s name.')
  const secure = origin.startsWith('https:')
  const prefix = secure ? (domain ? '__Secure-' : '__Host-') : ''
  const epoch = `${prefix}tk-${appId}`
  return {
    epoch,
    record: (of) => `${epoch}.${of}`,
    epochOf: (name) => {
      if (!name.startsWith(`${epoch}.`)) return undefined
      const of = name.slice(epoch.length + 1)
      return isEpoch(of) ? of : undefined
    },
    attributes: { path: '/', secure, sameSite, ...(domain && { domain }) },
  }
}
