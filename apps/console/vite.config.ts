import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The policy lets scripts and styles come from files only.
    assetsInlineLimit: 0,
  },
  // `tokenkeep serve --base-url http://localhost:5174` behind it: passkeys belong to the page's origin.
  server: {
    port: 5174,
    strictPort: true,
    proxy: { '/v1': process.env['TOKENKEEP_URL'] ?? 'http://localhost:4000' },
  },
})
