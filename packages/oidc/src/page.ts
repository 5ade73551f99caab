/** The page, as a sign-in by redirect needs it. */
export interface Page {
  /** The address of the page. Undefined if there is none, as on a server. */
  address(): string | undefined
  /** The start page of the app, which relative addresses resolve against. */
  base(): string
  /** Shows another address of the same origin, without loading it. */
  replaceAddress(url: string): void
  /** Leaves the page. Resolves only if the page is shown again, or is still shown after 10 seconds. */
  leave(url: string): Promise<void>
  /** Opens an empty window above the page. Undefined if the browser blocks it. */
  openPopup(): Popup | undefined
  /** Closes this window. Resolves only if it is still shown after a second, because a script did not open it. */
  close(): Promise<void>
}

/** A window in which a user signs in. */
export interface Popup {
  show(url: string): void
  focus(): void
  /**
   * True if the user has closed the window, and is back on this page. A provider can hide its window from the page that
   * opened it (Cross-Origin-Opener-Policy). Then the window looks closed, but it has the focus.
   */
  isClosed(): boolean
  close(): void
}

/** How long a navigation may take. After that, a button that was clicked works again. Milliseconds. */
const LEAVING = 10_000
/** How long a window may take to close. Milliseconds. */
const CLOSING = 1000
/** The size of a popup. CSS pixels. */
const [WIDTH, HEIGHT] = [480, 640]

/**
 * The page that the browser shows. Replace a part of it if the sign-in does not happen in this page. For example, a
 * mobile app opens the system's browser, and gets the callback as a deep link.
 *
 * @example
 * ```ts
 * import { browserPage, oidc } from '@tokenkeep/oidc'
 *
 * const openSystemBrowser = async (url: string) => console.log('opens', url)
 * const provider = oidc({
 *   issuer: 'https://login.example.com',
 *   clientId: 'shop',
 *   redirectUri: 'com.example.shop://callback',
 *   page: { ...browserPage, leave: openSystemBrowser },
 * })
 * ```
 */
export const browserPage: Page = {
  address: () => globalThis.location?.href,
  // Without a `<base>` element, `document.baseURI` is the address of the page that is shown, not of the start page.
  base: () => document.querySelector<HTMLBaseElement>('base[href]')?.href ?? `${location.origin}/`,
  replaceAddress: (url) => history.replaceState(history.state, '', url),
  leave: (url) =>
    new Promise((resolve) => {
      // The page may be kept in the back/forward cache, and the user may refuse to leave it.
      addEventListener('pageshow', function shown({ persisted }) {
        // The first event of a page that is still loading does not count.
        if (!persisted) return
        removeEventListener('pageshow', shown)
        resolve()
      })
      setTimeout(resolve, LEAVING)
      location.assign(url)
    }),
  openPopup() {
    const left = Math.max(0, screenX + (outerWidth - WIDTH) / 2)
    const top = Math.max(0, screenY + (outerHeight - HEIGHT) / 2)
    const popup = open('', '', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
    // A blocker may return a window that it has closed.
    if (!popup || popup.closed) return undefined
    return {
      show: (url) => void (popup.closed || popup.location.replace(url)),
      focus: () => popup.focus(),
      isClosed: () => popup.closed && document.hasFocus(),
      close: () => popup.close(),
    }
  },
  close: () =>
    new Promise((resolve) => {
      setTimeout(resolve, CLOSING)
      close()
    }),
}
