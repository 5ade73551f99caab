import type { SessionSnapshot } from '@tokenkeep/ssr'

/** What a page of the check app shows: `<i>` for each component, and the snapshot in `<pre>`. */
export interface Page {
  readonly tokens: readonly string[]
  readonly snapshot: SessionSnapshot
  readonly status: string
  readonly userId: string | undefined
}

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  '#x27': "'",
  '#39': "'",
}
const unescape = (html: string): string =>
  html.replaceAll(/&([\w#]+);/g, (all, name: string) => ENTITIES[name] ?? all)

/** @throws Error if the HTML is not one of these pages */
export function readPage(html: string): Page {
  const found = /<pre[^>]*>(.*?)<\/pre>/s.exec(html)
  if (!found) throw new Error(`This is not the page: ${html.slice(0, 200)}`)
  const snapshot = JSON.parse(unescape(found[1]!)) as SessionSnapshot
  const tokens = [...html.matchAll(/<i\b[^>]*>([^<]*)<\/i>/g)].map(([, token]) => token!)
  const { status, session } = snapshot.state
  return { snapshot, tokens, status, userId: session?.userId }
}
