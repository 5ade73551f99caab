import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldIdentifier, identifier } from './identifiers.ts'

describe('an identifier (case F11)', () => {
  it.each([
    ['a control character', 'ada\u0007'],
    ['an escape sequence', 'ada\u001b[2J'],
    ['a control character of the second block', 'ada\u009b2J'],
    ['a right-to-left override', 'ada\u202Emoc.live'],
    ['a bidirectional isolate', 'a\u2066da'],
    ['a zero-width space', 'a\u200Bda'],
    ['a zero-width joiner', 'a\u200Dda'],
    ['a soft hyphen', 'a\u00ADda'],
    ['a filler that fonts leave out', 'ada\u3164'],
    ['a combining grapheme joiner', 'a\u034Fda'],
    ['a line separator', 'a\u2028da'],
    ['a lone surrogate', 'ada\uD800'],
    ['nothing but white space', ' \u3000 '],
    ['255 characters', 'a'.repeat(255)],
    ['more than 254 characters in its normal form', '\uFDFA'.repeat(20)],
  ])('is refused with %s', (_, text) => {
    expect(identifier.safeParse(text).success).toBe(false)
  })

  it.each(['ada@example.com', '+4915112345678', 'Zoë', '李小龙', 'ﻋﻠﻲ', 'ada 🙂'])(
    'is accepted: %s',
    (text) => {
      expect(identifier.parse(` ${text} `)).toBe(text)
    },
  )

  it.each([
    ['a zero-width space', '', '\u200B'],
    ['marks of the writing direction', '\u202A', '\u202C'],
    ['a byte order mark and a no-break space', '\uFEFF', '\u00A0'],
  ])('is accepted without %s around it, as people paste it', (_, before, after) => {
    expect(identifier.parse(`${before}ada@example.com${after}`)).toBe('ada@example.com')
    expect(foldIdentifier(`${before}Ada@Example.com${after}`)).toBe('ada@example.com')
  })

  it('has one folded form, which folds to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const folded = foldIdentifier(text)
        expect(foldIdentifier(folded)).toBe(folded)
        expect(foldIdentifier(text.normalize('NFD'))).toBe(folded)
      }),
      { numRuns: 2000 },
    )
  })
})
