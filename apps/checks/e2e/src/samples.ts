/** The samples and the folders of their built pages. */
export const samples = {
  react: 'apps/samples/react/dist',
  vue: 'apps/samples/vue/dist',
  angular: 'apps/samples/angular/dist',
} as const

export type SampleName = keyof typeof samples
