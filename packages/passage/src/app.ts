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
