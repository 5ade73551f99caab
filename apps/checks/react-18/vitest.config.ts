import { sameTests } from '../../../vitest.shared.ts'

export default sameTests('react-18', '../../../packages/react', /^(react|react-dom)(\/|$)/, import.meta.url)
