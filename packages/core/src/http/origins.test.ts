import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('on a page without an origin of the web (case A2)', () => {
  afterEach(() => void vi.unstubAllGlobals())
  const open = (href: string, baseURI?: string) => {
    vi.stubGlobal('location', { href, origin: 'null' })
    if (baseURI) vi.stubGlobal('document', { baseURI })
  }
  for (const [href, baseURI] of [
    ['about:srcdoc', 'https://app.example.com/'],
    ['about:blank'],
    ['capacitor://localhost/index.html'],
    ['file:///index.html'],
    ['data:text/html,x'],
    ['blob:null/1b2c'],
    ['not a URL'],
  ] as const)
    it(`${href}: by default, no origin receives the token, and nothing throws`, () => {
      open(href, baseURI)
      const byDefault = allowedOrigins()
      for (const url of ['/api', 'https://app.example.com/', 'capacitor://localhost/', 'null', href])
        expect(byDefault(url), url).toBe(false)
      expect(allowedOrigins(['https://api.example.com'])('https://api.example.com/x')).toBe(true)
    })

  it('a scheme of an app can be named', () => {
    open('capacitor://localhost/index.html')
    const named = allowedOrigins(['capacitor://localhost', 'app://bundle/'])
    for (const good of ['capacitor://localhost/api', '/api', 'app://bundle/x?y'])
      expect(named(good), good).toBe(true)
    const bad = [
      'capacitor://localhost.evil/',
      'capacitor://localhost@evil/',
      'capacitor://evil\\@localhost:1/',
      'capacitor://localhost:1/',
      'capacitor:localhost',
      'ionic://localhost/',
      'https://localhost/',
      'app://bundle.evil/',
    ]
    for (const url of bad) expect(named(url), url).toBe(false)
    for (const entry of ['capacitor://localhost/path', 'capacitor:', 'file:///', 'about:srcdoc'])
      expect(() => allowedOrigins([entry]), entry).toThrow(TypeError)
  })

  it('resolves a relative URL by the base of the document, as the platform does', () => {
    open('https://app.example.com/page', 'https://elsewhere.example/')
    expect(allowedOrigins()('/api')).toBe(false)
    expect(allowedOrigins()('https://app.example.com/api')).toBe(true)
  })

  it('works if the platform has no URL.canParse', () => {
    vi.stubGlobal('location', { href: 'https://app.example.com/' })
    vi.stubGlobal('URL', class extends URL {})
    Object.defineProperty(URL, 'canParse', { value: undefined })
    expect(allowedOrigins()('/api')).toBe(true)
    expect(allowedOrigins()('https://[')).toBe(false)
  })
})
