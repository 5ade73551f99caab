import { expect, test } from 'vitest'

test('can be imported without a document', async () => {
  const { AuthElement, themeDeclarations } = await import('./define.ts')
  expect(AuthElement.modes).toEqual(['sign-in', 'sign-up'])
  expect(themeDeclarations()).toContain('--tokenkeep-accent: light-dark(')
})
