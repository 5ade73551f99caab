import type { Loader } from 'astro/loaders'
import { withDiagrams } from './diagrams.ts'
import { pageList } from './page-list.ts'
import { siteLinks } from './slug.ts'

export const repositoryPages = (): Loader => ({
  name: 'repository-pages',
  async load({ store, parseData, renderMarkdown, generateDigest }) {
    store.clear()
    for (const { file, id, title, text } of await pageList()) {
      const body = siteLinks(text, file)
      const data = await parseData({ id, data: { title } })
      // Starlight finds a page in the navigation by the path that the file has in a usual Starlight project.
      const filePath = `src/content/docs/${id}.md`
      const rendered = await renderMarkdown(withDiagrams(body))
      store.set({ id, data, body, filePath, digest: generateDigest(text), rendered })
    }
  },
})
