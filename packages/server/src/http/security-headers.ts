/**
 * What every answer carries: it is data, often tokens or people's, for whom CORS says, and nothing a browser could keep,
 * show, frame, guess at or run.
 */
export const securityHeaders = (baseUrl: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(baseUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
})
