/** The samples, and where their built pages are. */
export const samples = {
  react: 'apps/react-sample/dist',
  vue: 'apps/vue-sample/dist',
  angular: 'apps/angular-sample/dist',
} as const

export type SampleName = keyof typeof samples
