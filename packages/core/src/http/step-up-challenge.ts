/** What an API asks for before it accepts a request (RFC 9470 section 3). */
export interface StepUpChallenge {
  /** How long ago the user may have authenticated. Seconds. Undefined: any time. */
  readonly maxAgeSeconds: number | undefined
  /** The classes of authentication of which one is needed, with the preferred one first. Empty: any. */
  readonly acrValues: readonly string[]
}

/** A parameter of a challenge: a name, and a quoted or a bare value (RFC 9110 section 11.2). */
const PARAMETER = /(?<![\w!#$%&'*+.^`|~-])([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g

/**
 * Reads the header `WWW-Authenticate` of a 401. Undefined if it asks for no other authentication. A text inside quotes is no parameter,
 * and other schemes may stand beside.
 */
export function readChallenge(header: string | null | undefined): StepUpChallenge | undefined {
  if (!header) return undefined
  const found = new Map<string, string>()
  for (const [, name, quoted, bare] of header.matchAll(PARAMETER)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare!
    // Two schemes may each name an error. The one that asks for more counts.
    if (found.get(name!.toLowerCase()) !== ERROR) found.set(name!.toLowerCase(), value)
  }
  if (found.get('error') !== ERROR) return undefined
  const maxAge = found.get('max_age') ?? ''
  return {
    maxAgeSeconds: /^\d+$/.test(maxAge) ? Number(maxAge) : undefined,
    acrValues: (found.get('acr_values') ?? '').split(/\s+/).filter(Boolean),
  }
}

const ERROR = 'insufficient_user_authentication'
