import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { slugOf } from './slug.ts'

/** `reference/` is generated from the docstrings by TypeDoc. */
const sources = ['README.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/docs/reference/@tokenkeep/*.md']
const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface Page {
  /** Its path in the repository. */
  readonly file: string
  /** Its path on the site. */
  readonly id: string
  readonly title: string
  /** Markdown, without the title. */
  readonly text: string
}

/** The repository's Markdown as pages: the first heading is the title, so that the files need no front matter. */
export async function pageList(): Promise<Page[]> {
  const files = globSync(sources, { cwd: root }).toSorted()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${root}${file}`, 'utf8')
      const heading = /^# (.+)$/m.exec(text)
      if (!heading) throw new Error(`${file} has no first heading`)
      const title = heading[1]!.replaceAll('`', '')
      return { file, id: slugOf(file), title, text: text.replace(heading[0], '') }
    }),
  )
}

/** What llms.txt says of the pages. */
export const pageLinks = (pages: readonly Page[], site: string): string =>
  pages.map(({ id, title }) => `- [${title}](${site}/${id === 'index' ? '' : `${id}/`})`).join('\n')
