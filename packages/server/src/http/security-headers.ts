/**
 * Security headers for every response. The responses are data and often contain tokens or personal data: a browser must not
 * cache, frame, sniff or run them, and CORS decides who can read them.
 */
export const securityHeaders = (baseUrl: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(baseUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
})
