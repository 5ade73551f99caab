import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allowedOrigins } from './origins.ts'

const allows = allowedOrigins(['https://api.example.com'])

it('allows the origin in any spelling', () => {
  for (const good of [
    'https://api.example.com/x?y#z',
    'HTTPS://API.EXAMPLE.COM/',
    'https://api.example.com:443/',
    'https://user@api.example.com/',
  ])
    expect(allows(good), good).toBe(true)
})

it('rejects other origins, even if they look alike', () => {
  const bad = [
    'https://api.example.com.evil.net/',
    'https://api.example.com@evil.net/',
    'http://api.example.com/',
    'https://api.example.com:444/',
    'https://apiexample.com/',
    '//evil.net/',
    '/relative',
    'https://api.example.com%2eevil.net/',
    'https://аpi.example.com/',
    'https://evil.net/https://api.example.com',
    'https://evil.net\\@api.example.com/',
    'javascript:alert(1)',
    '',
  ]
  for (const url of bad) expect(allows(url), url).toBe(false)
})

it('allows an address only if the URL parser maps it to the origin (100,000 random addresses)', () => {
  const parts = fc.constantFrom(
    'https://',
    'http://',
    '//',
    'api.example.com',
    'evil.net',
    '@',
    ':',
    '.',
    '/',
    '\\',
    '%2e',
    '?',
    '#',
    '443',
    '80',
    'user',
    'API.EXAMPLE.COM',
    'а',
    ' ',
    '\t',
    '[::1]',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 8 }), (made) => {
      const url = made.join('')
      if (!allows(url)) return true
      const { protocol, hostname, port } = new URL(url)
      return protocol === 'https:' && hostname === 'api.example.com' && port === ''
    }),
    { numRuns: 100_000 },
  )
})

it('throws for an entry that is not an origin', () => {
  for (const entry of ['https://api.example.com/path', 'api.example.com', 'data:x'])
    expect(() => allowedOrigins([entry]), entry).toThrow(TypeError)
})
