import { sameTests } from '../../../vitest.shared.ts'

export default sameTests('vue-3.4', '../../../packages/vue', /^(vue|vue-router)(\/|$)/, import.meta.url)
