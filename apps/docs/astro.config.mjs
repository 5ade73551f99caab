import starlight from '@astrojs/starlight'
import { defineConfig } from 'astro/config'
import llmsTxt from 'starlight-llms-txt'
import { pageLinks, pageList } from './src/page-list.ts'

const site = 'https://tokenkeep.dev'

const page = (slug, label) => ({ slug, ...(label && { label }) })

export default defineConfig({
  site,
  // The pages are the repository's own docs/ and READMEs. The site renders them, and also serves docs/ as Markdown files.
  publicDir: '../../docs',
  integrations: [
    starlight({
      title: 'Tokenkeep',
      description:
        'Keeps users signed in: short-lived auth tokens are renewed silently until the session ends.',
      customCss: ['./src/styles/site.css'],
      favicon: '/icon.svg',
      // The recipes show files with lines that are longer than a page is wide.
      expressiveCode: { defaultProps: { wrap: true } },
      plugins: [llmsTxt({ details: pageLinks(await pageList(), site) })],
      sidebar: [
        {
          label: 'Start',
          items: [
            page('index', 'Why Tokenkeep'),
            page('migrating-from-passage'),
            page('migrating-server-sessions'),
          ],
        },
        { label: 'Packages', items: [{ autogenerate: { directory: 'packages' } }] },
        {
          label: 'How it works',
          items: [
            'architecture',
            'token-machine',
            'cross-tab',
            'session-lifetime',
            'session-server',
            'other-servers',
            'dialects',
            'passage',
            'server-rendering',
            'security',
            'errors',
          ].map((slug) => page(slug)),
        },
        {
          label: 'Operation',
          items: ['operating', 'configuration', 'console', 'scale', 'performance', 'versioning'].map((slug) =>
            page(slug),
          ),
        },
        { label: 'Recipes', items: [{ autogenerate: { directory: 'recipes' } }] },
        { label: 'Reference', collapsed: true, items: [{ autogenerate: { directory: 'reference' } }] },
        { label: 'Decisions', collapsed: true, items: [{ autogenerate: { directory: 'decisions' } }] },
      ],
    }),
  ],
})
