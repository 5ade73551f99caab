import { expect, test } from 'vitest'
import { german } from './german.ts'
import { toPasskeyError, isPasskeyError, PasskeyError } from './passkey-error.ts'
import { english, withTexts } from './texts.ts'

test.each([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['InvalidStateError', 'has-passkey'],
  ['SecurityError', 'wrong-address'],
  ['NotSupportedError', 'unsupported'],
  ['EncodingError', 'failed'],
])("maps the browser's %s to %s", (name, code) => {
  const error = toPasskeyError(new DOMException('', name))
  expect(error).toMatchObject({ code })
  expect(isPasskeyError(error)).toBe(true)
})

test('does not change a PasskeyError', () => {
  const error = new PasskeyError('taken')
  expect(toPasskeyError(error)).toBe(error)
})

test('replaces single texts or all texts', () => {
  const own = withTexts({ signIn: 'Come in', errors: { taken: 'Gone.' } })
  expect(own.signIn).toBe('Come in')
  expect(own.errors.taken).toBe('Gone.')
  expect(own.errors.failed).toBe(english.errors.failed)
  expect(withTexts(german)).toEqual(german)
})
