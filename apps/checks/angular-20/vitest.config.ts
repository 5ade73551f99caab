import { sameTests } from '../../../vitest.shared.ts'

export default sameTests('angular-20', '../../../packages/angular', /^@angular\//, import.meta.url)
