export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  telemetry: false,
  modules: [['@tokenkeep/ssr/nuxt', { appId: 'demo' }]],
  css: ['@tokenkeep/sample/page.css'],
  app: {
    head: {
      htmlAttrs: { lang: 'en' },
      title: 'Tokenkeep · Nuxt',
      meta: [
        { name: 'color-scheme', content: 'light dark' },
        {
          name: 'description',
          content: 'Shows live what Tokenkeep does for one session of a server-rendered page.',
        },
      ],
      link: [{ rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }],
    },
  },
  dir: { public: '../../shared/public' },
})
