/** How a package for browsers is built: ES modules of any platform, with their declarations. */
export const library = {
  format: 'esm',
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
} as const
