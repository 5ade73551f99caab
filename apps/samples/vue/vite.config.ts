import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  publicDir: '../shared/public',
  build: { target: 'es2022' },
  // The packages of the workspace are linked. Without this, each of them would load its own Vue.
  resolve: { dedupe: ['vue'] },
})
