import node from '@astrojs/node'
import { defineConfig } from 'astro/config'

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  // The addresses that users see. Astro believes the headers of a proxy for these only.
  security: { allowedDomains: [{ hostname: 'shop.example' }, { hostname: 'localhost' }] },
})
