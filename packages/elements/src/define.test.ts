import { expect, test } from 'vitest'

test('can be imported where there is no document', async () => {
  const { AuthElement, tokenDeclarations } = await import('./define.ts')
  expect(AuthElement.modes).toEqual(['sign-in', 'sign-up'])
  expect(tokenDeclarations()).toContain('--tokenkeep-accent: light-dark(')
})
