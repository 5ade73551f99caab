import { expect, test } from 'vitest'
import { german } from './german.ts'
import { asPasskeyError, isPasskeyError, PasskeyError } from './passkey-error.ts'
import { english, withTexts } from './texts.ts'

test.each([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['InvalidStateError', 'has-passkey'],
  ['SecurityError', 'wrong-address'],
  ['NotSupportedError', 'unsupported'],
  ['EncodingError', 'failed'],
])('%s of the browser is %s', (name, code) => {
  const error = asPasskeyError(new DOMException('', name))
  expect(error).toMatchObject({ code })
  expect(isPasskeyError(error)).toBe(true)
})

test('one of ours stays what it is', () => {
  const error = new PasskeyError('taken')
  expect(asPasskeyError(error)).toBe(error)
})

test('words can be changed one by one, and by the catalogue', () => {
  const own = withTexts({ signIn: 'Come in', errors: { taken: 'Gone.' } })
  expect(own.signIn).toBe('Come in')
  expect(own.errors.taken).toBe('Gone.')
  expect(own.errors.failed).toBe(english.errors.failed)
  expect(withTexts(german)).toEqual(german)
})
