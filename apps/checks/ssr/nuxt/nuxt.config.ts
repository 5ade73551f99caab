export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  telemetry: false,
  modules: [['@tokenkeep/ssr/nuxt', { appId: process.env['APP_ID'] ?? 'demo' }]],
  routeRules: { '/cached': { swr: 60 }, '/shared': { swr: 60 }, '/static': { prerender: true } },
})
