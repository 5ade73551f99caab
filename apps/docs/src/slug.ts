import { dirname, join } from 'node:path/posix'

const source = 'https://github.com/tokenkeep/tokenkeep/blob/main/'

/** Where a Markdown file of the repository is shown: `docs/a.md` at `a`, a package's README under its name. */
export const slugOf = (file: string): string =>
  file
    .replace(/^docs\//, '')
    .replace(/^apps\/docs\/reference\/@tokenkeep\//, 'reference/')
    .replace(/^packages\/([^/]+)\/README\.md$/, 'packages/$1')
    .replace(/^README\.md$/, 'index')
    .replace(/\.md$/, '')

/** The links of one file, as the site has them: to pages and pictures, and to the source of everything else. */
export const siteLinks = (markdown: string, file: string): string =>
  markdown.replace(/\]\((?![a-z]+:|#|\/)([^)#\s]+)(#[^)]*)?\)/g, (_, path: string, anchor = '') => {
    const target = join(dirname(file), path)
    if (target.endsWith('.md') && (target === 'README.md' || /^(docs|packages|apps\/docs)\//.test(target)))
      return `](/${slugOf(target).replace(/^index$/, '')}/${anchor})`.replace('](//', '](/')
    return target.startsWith('docs/') ? `](/${target.slice(5)})` : `](${source}${target})`
  })
