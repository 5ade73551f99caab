import type { Browser } from '@playwright/test'
import { Endpoint } from '../endpoint/endpoint.ts'
import { profile, run, startBrowser } from '../frame/browser.ts'
import { bundle } from '../frame/bundle.ts'
import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import { app } from '../frame/places.ts'
import type { Bench, Row } from '../frame/report.ts'
import { expiry } from '../peers/scene.ts'
import { components } from './mounted.ts'
import type { PageOfApp } from './page.ts'

/** What the script has put into the page. */
declare global {
  var bench: PageOfApp
}

const contenders = [
  {
    file: 'react-tokenkeep.tsx',
    title: 'Tokenkeep, useAuthToken(selector)',
    framework: 'React',
    package: '@tokenkeep/react',
  },
  {
    file: 'react-tokenkeep-state.tsx',
    title: 'Tokenkeep, useAuthToken()',
    framework: 'React',
    package: '@tokenkeep/react',
  },
  {
    file: 'auth0-react.tsx',
    title: 'auth0-react, useAuth0()',
    framework: 'React',
    package: '@auth0/auth0-react',
  },
  {
    file: 'react-oidc-context.tsx',
    title: 'react-oidc-context, useAuth()',
    framework: 'React',
    package: 'react-oidc-context',
  },
  {
    file: 'better-auth-react.tsx',
    title: 'better-auth, useSession()',
    framework: 'React',
    package: 'better-auth',
  },
  {
    file: 'vue-tokenkeep.ts',
    title: 'Tokenkeep, useAuthToken(selector)',
    framework: 'Vue',
    package: '@tokenkeep/vue',
  },
  {
    file: 'angular-tokenkeep.ts',
    title: 'Tokenkeep, injectAuthToken(selector)',
    framework: 'Angular',
    package: '@tokenkeep/angular',
  },
]

const script = (file: string): string => `
  import { mount } from '${app}/src/renders/${file}'
  import { page } from '${app}/src/renders/page.ts'
  globalThis.bench = page(mount)
`

async function measure(browser: Browser, file: string): Promise<number> {
  const scripts = await bundle(script(file))
  const endpoint = await Endpoint.start(new Map([['/scripts/app.js', scripts.get('entry.js')!]]))
  try {
    const context = await profile(browser, endpoint)
    await context.clock.install()
    const page = await run(context, endpoint, 'app')
    const mounted = await page.evaluate((session) => globalThis.bench.mount(session), endpoint.open())
    if (mounted < components) throw new Error(`${file}: ${mounted} renders at the start`)
    const before = endpoint.requests
    endpoint.ahead += expiry * 60_000
    await context.clock.fastForward(expiry * 60_000)
    const renders = (await page.evaluate(() => globalThis.bench.refresh())) - mounted
    if (endpoint.requests === before) throw new Error(`${file}: no refresh`)
    await context.close()
    return renders
  } finally {
    endpoint.close()
  }
}

export const bench: Bench = {
  title: 'Renders',
  method: `${components.toLocaleString('en-US')} components show whether somebody is signed in. The token expires and is refreshed silently. The figure is how many renders that causes
in real Chromium, with production builds. The components use the hook of each package. For Tokenkeep, there is a row for the selector that its documentation recommends for this. A second row for React uses the whole state:
then a component also renders when the token expires, when the refresh begins and when the new token arrives.`,
  async run(tell) {
    const browser = await startBrowser()
    const rows: Row[] = []
    for (const { file, title, framework, package: from } of contenders) {
      tell(title)
      const renders = await measure(browser, file).catch(failed)
      rows.push({ name: title, framework, version: versionOf(from), renders })
    }
    const versions = {
      Chromium: browser.version(),
      React: versionOf('react'),
      Vue: versionOf('vue'),
      Angular: versionOf('@angular/core'),
    }
    await browser.close()
    return {
      versions,
      tables: [
        {
          title: `Renders of ${components.toLocaleString('en-US')} components per silent refresh`,
          columns: [
            { key: 'name', title: 'hook' },
            { key: 'framework', title: 'framework' },
            { key: 'version', title: 'version' },
            { key: 'renders', title: 'renders' },
          ],
          rows,
          chart: { column: 'renders', label: 'renders', apart: 'framework' },
        },
      ],
    }
  },
}
