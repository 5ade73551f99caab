/** An app of a session server. */
export interface App {
  /** The address of the session server, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
}

/** Returns the issuer of an app's tokens: the `iss` claim (RFC 7519 section 4.1.1). */
export const issuerOf = ({ url, appId }: App): string =>
  `${url.replace(/\/+$/, '')}/v1/apps/${encodeURIComponent(appId)}`

/** Returns the app of an issuer, or undefined if the value is not an issuer of a session server. */
export function appOf(issuer: unknown): App | undefined {
  const [, url, appId] = /^(https?:\/\/.+)\/v1\/apps\/([^/?#]+)$/.exec(String(issuer)) ?? []
  return url && appId && URL.canParse(url) ? { url, appId: decodeURIComponent(appId) } : undefined
}
