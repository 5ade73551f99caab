import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Loader } from 'astro/loaders'
import { withDiagrams } from './diagrams.ts'
import { siteLinks, slugOf } from './slug.ts'

/** `reference/` is generated from the docstrings by TypeDoc. */
const sources = ['README.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/docs/reference/@tokenkeep/*.md']
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The repository's Markdown as pages: the first heading is the title, so that the files need no front matter. */
export const repositoryPages = (): Loader => ({
  name: 'repository-pages',
  async load({ store, parseData, renderMarkdown, generateDigest }) {
    store.clear()
    for await (const file of glob(sources, { cwd: root })) {
      const text = await readFile(`${root}${file}`, 'utf8')
      const heading = /^# (.+)$/m.exec(text)
      if (!heading) throw new Error(`${file} has no first heading`)
      const id = slugOf(file)
      const title = heading[1]!.replaceAll('`', '')
      const body = siteLinks(text.replace(heading[0], ''), file)
      const data = await parseData({ id, data: { title } })
      // Starlight finds a page's place in the navigation by the path it would have in a site of its own.
      const filePath = `src/content/docs/${id}.md`
      const rendered = await renderMarkdown(withDiagrams(body))
      store.set({ id, data, body, filePath, digest: generateDigest(text), rendered })
    }
  },
})
