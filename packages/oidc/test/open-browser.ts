import { createTokenManager, memoryStore, type Store } from '@tokenkeep/core'
import { onTestFinished } from 'vitest'
import {
  oidc,
  type Oidc,
  type OidcEvent,
  type OidcManager,
  type OidcOptions,
  type Page,
} from '../src/index.ts'
import { app } from './open-provider.ts'

/** A tab that shows one page of the app. */
export interface TestTab {
  readonly provider: Oidc
  readonly auth: OidcManager
  /** What the address bar shows. */
  address: string
  /** The addresses for which the page was left. */
  readonly left: string[]
  readonly popups: TestPopup[]
  /** True once the page has closed its window. */
  isClosed: boolean
  readonly events: OidcEvent[]
}

/** A window that a tab has opened. */
export interface TestPopup {
  url: string | undefined
  /** How often it was brought to the front. */
  focused: number
  /** True once the user, or the page that opened it, has closed it. */
  isClosed: boolean
}

/** A browser whose tabs share their storage. Each call opens a tab at an address. */
export interface TestBrowser {
  tab(address?: string, more?: Partial<OidcOptions>): TestTab
  storage: Store
  /** Where the tabs keep their session. */
  readonly sessions: Store
  blocksPopups: boolean
}

export function openBrowser(issuer: string, options: Partial<OidcOptions> = {}): TestBrowser {
  const sessions = memoryStore()
  const browser: TestBrowser = {
    storage: memoryStore(),
    sessions,
    blocksPopups: false,
    tab(address = app, more = {}) {
      const left: string[] = []
      const popups: TestPopup[] = []
      const events: OidcEvent[] = []
      const page: Page = {
        address: () => tab.address,
        base: () => app,
        replaceAddress: (url) => (tab.address = new URL(url, tab.address).href),
        leave: async (url) => void left.push(url),
        openPopup() {
          if (browser.blocksPopups) return undefined
          const popup: TestPopup = { url: undefined, focused: 0, isClosed: false }
          popups.push(popup)
          return {
            show: (url) => (popup.url = url),
            focus: () => (popup.focused += 1),
            isClosed: () => popup.isClosed,
            close: () => (popup.isClosed = true),
          }
        },
        close: async () => void (tab.isClosed = true),
      }
      const provider = oidc({
        issuer,
        clientId: 'shop',
        params: { prompt: 'consent' },
        storage: browser.storage,
        page,
        onEvent: (event) => events.push(event),
        ...options,
        ...more,
      })
      const auth = createTokenManager({ transport: provider.transport, storage: sessions })
      onTestFinished(() => auth.dispose())
      const tab: TestTab = { provider, auth, address, left, popups, isClosed: false, events }
      return tab
    },
  }
  return browser
}
