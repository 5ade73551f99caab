import { dirname, join } from 'node:path/posix'

const source = 'https://github.com/tokenkeep/tokenkeep/blob/main/'

/** Returns a Markdown file's path on the site: `a` for `docs/a.md`, `packages/core` for the README of the core. */
export const slugOf = (file: string): string =>
  file
    .replace(/^docs\//, '')
    .replace(/^apps\/docs\/reference\/@tokenkeep\//, 'reference/')
    .replace(/^packages\/([^/]+)\/README\.md$/, 'packages/$1')
    .replace(/^README\.md$/, 'index')
    .replace(/\.md$/, '')

/** Rewrites the links of a file: pages and pictures are on the site, and all other files are at GitHub. */
export const siteLinks = (markdown: string, file: string): string =>
  markdown.replace(/\]\((?![a-z]+:|#|\/)([^)#\s]+)(#[^)]*)?\)/g, (_, path: string, anchor = '') => {
    const target = join(dirname(file), path)
    if (target.endsWith('.md') && (target === 'README.md' || /^(docs|packages|apps\/docs)\//.test(target)))
      return `](/${slugOf(target).replace(/^index$/, '')}/${anchor})`.replace('](//', '](/')
    return target.startsWith('docs/') ? `](/${target.slice(5)})` : `](${source}${target})`
  })
