import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { slugOf } from './slug.ts'

/** `reference/` is generated from the docstrings by TypeDoc. */
const sources = ['README.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/docs/reference/@tokenkeep/*.md']
const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface Page {
  /** The path of the file in the repository. */
  readonly file: string
  /** The path of the page on the site. */
  readonly id: string
  readonly title: string
  /** Markdown, without the title. */
  readonly text: string
}

/** Returns the repository's Markdown files as pages. The first heading is the title, so that a file needs no front matter. */
export async function pageList(): Promise<Page[]> {
  const files = globSync(sources, { cwd: root }).toSorted()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${root}${file}`, 'utf8')
      const heading = /^# (.+)$/m.exec(text)
      if (!heading) throw new Error(`${file} has no title: begin it with a line such as "# Title"`)
      const title = heading[1]!.replaceAll('`', '')
      return { file, id: slugOf(file), title, text: text.replace(heading[0], '') }
    }),
  )
}

/** Returns the list of pages for llms.txt. */
export const pageLinks = (pages: readonly Page[], site: string): string =>
  pages.map(({ id, title }) => `- [${title}](${site}/${id === 'index' ? '' : `${id}/`})`).join('\n')
