/** The build options of a package for browsers: ES modules for any platform, with their declarations. */
export const library = {
  format: 'esm',
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
} as const
