import { expect, it } from 'vitest'
import { readChallenge } from './step-up-challenge.ts'

const error = 'error="insufficient_user_authentication"'

it.each<[string, string, number | undefined, string[]]>([
  ['the age', `Bearer ${error}, max_age="5"`, 5, []],
  ['the classes', `Bearer ${error}, acr_values="phrh phr"`, undefined, ['phrh', 'phr']],
  ['both, with a text', `Bearer ${error}, error_description="a, b", max_age=0, acr_values="x"`, 0, ['x']],
  ['neither', `Bearer ${error}`, undefined, []],
  ['names in capital letters, and spaces', `BEARER  ERROR = ${error.slice(6)} , Max_Age = "7"`, 7, []],
  ['the scheme DPoP', `DPoP ${error}, max_age="5", algs="ES256"`, 5, []],
  ['two schemes', `DPoP error="invalid_token", algs="ES256", Bearer ${error}, max_age="5"`, 5, []],
  ['two schemes, the other way round', `Bearer ${error}, max_age="5", DPoP error="invalid_token"`, 5, []],
  ['another scheme before', `Basic realm="a \\"b\\", c", Bearer ${error}, max_age="5"`, 5, []],
  ['an age that is no number', `Bearer ${error}, max_age="-1"`, undefined, []],
])('reads %s (RFC 9470 section 3)', (_, header, maxAgeSeconds, acrValues) => {
  expect(readChallenge(header)).toEqual({ maxAgeSeconds, acrValues })
})

it.each<[string, string | null]>([
  ['no header', null],
  ['another error', 'Bearer error="invalid_token"'],
  [
    'the word in a text',
    `Bearer error="invalid_token", error_description="error=insufficient_user_authentication"`,
  ],
  ['the word as the end of another name', `Bearer x_${error}`],
  ['the word as a part of a value', 'Bearer error="insufficient_user_authentication_x"'],
])('is none for %s', (_, header) => {
  expect(readChallenge(header)).toBeUndefined()
})

it('reads a long header in time that grows no faster than the header', () => {
  const started = performance.now()
  readChallenge(`Bearer ${'a'.repeat(500_000)}`)
  readChallenge(`Bearer x="${'\\'.repeat(500_000)}`)
  readChallenge(`Bearer x${' '.repeat(500_000)}`)
  expect(performance.now() - started).toBeLessThan(5000)
})
