/** A session server, and one of its apps. */
export interface App {
  /** Such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
}

export const issuerOf = ({ url, appId }: App): string =>
  `${url.replace(/\/+$/, '')}/v1/apps/${encodeURIComponent(appId)}`

/** The app whose issuer this is; undefined for anything else. */
export function appOf(issuer: unknown): App | undefined {
  const [, url, appId] = /^(https?:\/\/.+)\/v1\/apps\/([^/?#]+)$/.exec(String(issuer)) ?? []
  return url && appId && URL.canParse(url) ? { url, appId: decodeURIComponent(appId) } : undefined
}

export interface Claims {
  readonly iss?: unknown
  readonly sub?: unknown
  readonly sid?: unknown
  readonly iat?: unknown
  readonly exp?: unknown
}

/** Reads, and proves nothing: the server does that. Undefined for what is no token. */
export function claimsOf(token: string | undefined): Claims | undefined {
  try {
    const base64 = token!.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
    return JSON.parse(atob(base64)) as Claims
  } catch {
    return undefined
  }
}
