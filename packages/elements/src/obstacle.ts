import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import type { PasskeyErrorCode } from './passkey-error-code.ts'

/** Permissions Policy. Only Chromium tells a page what its frame may do. */
interface WithPolicy {
  readonly featurePolicy?: { allowsFeature(name: string): boolean }
}

/** Returns why this page cannot run the ceremony: `get` uses a passkey, `create` creates one. Undefined if it can. */
export function obstacle(ceremony: 'get' | 'create'): PasskeyErrorCode | undefined {
  // Without a secure context, browsers hide the API.
  if (!browserSupportsWebAuthn()) return globalThis.isSecureContext === false ? 'insecure' : 'unsupported'
  const { featurePolicy } = document as WithPolicy
  return featurePolicy?.allowsFeature(`publickey-credentials-${ceremony}`) === false
    ? 'forbidden-frame'
    : undefined
}
