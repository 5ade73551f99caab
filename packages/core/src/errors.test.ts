import { expect, it } from 'vitest'
import { TokenError, type TokenErrorCode } from './errors.ts'

const codes: Record<TokenErrorCode, true> = {
  'sign-in-required': true,
  'session-changed': true,
  unreachable: true,
  throttled: true,
  misconfigured: true,
  storage: true,
  aborted: true,
  disposed: true,
}

it.for(Object.keys(codes) as TokenErrorCode[])(
  'the message of %s is one sentence, and where to read on (case D9)',
  (code) => {
    const cause = new Error('why')
    const error = new TokenError(code, { cause })
    expect(error.message).toMatch(new RegExp(`^[A-Z][^.]+\\. https://tokenkeep\\.dev/errors/#${code}$`))
    expect(error).toMatchObject({ code, cause })
  },
)
