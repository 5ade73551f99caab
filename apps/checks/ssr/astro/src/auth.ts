import { createAppSession } from '@tokenkeep/ssr/browser'

const rendered = document.querySelector<HTMLMetaElement>('meta[name="session"]')

/** The token manager of the page. A page for everybody has no `Session`, so its browser asks. */
export const auth = createAppSession({
  appId: 'shop',
  snapshot: rendered ? JSON.parse(rendered.content) : undefined,
})
