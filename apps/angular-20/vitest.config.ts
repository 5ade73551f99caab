import { sameTests } from '../../vitest.shared.ts'

export default sameTests('angular-20', '../../packages/angular', /^(@angular\/|zone\.js$)/, import.meta.url)
