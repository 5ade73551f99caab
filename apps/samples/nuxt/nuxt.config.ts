export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  telemetry: false,
  runtimeConfig: {
    tokenkeepApiKey: '',
    tokenkeepUserId: '',
    public: { tokenkeepUrl: 'http://localhost:4000' },
  },
})
