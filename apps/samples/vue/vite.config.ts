import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  publicDir: '../shared/public',
  build: { target: 'es2022' },
  // The workspace's packages are linked: without this, each would load its own Vue.
  resolve: { dedupe: ['vue'] },
})
