import { sameTests } from '../../../vitest.shared.ts'

export default sameTests('angular-zone', '.', /^@angular\//, import.meta.url)
