import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig(({ command }) => ({
  // The session server decides the path of the built files.
  base: command === 'build' ? './' : '/console/',
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The Content Security Policy allows scripts and styles only from files.
    assetsInlineLimit: 0,
  },
}))
