/** What a user agent says about where it runs. */
export interface Device {
  readonly browser: string
  readonly system: string
}

export type ReadDevice = (userAgent: string | undefined) => Device | undefined

/**
 * Resolves to a function that reads the browser and the system from a user agent; undefined if it does not name both. For display only:
 * a client can send any user agent. The library that knows the browsers is as large as all elements, so it is loaded here, and
 * only here. Without it, the sessions have no names, but they can be ended.
 */
export async function loadDeviceReader(): Promise<ReadDevice> {
  const library = await import('bowser').catch(() => undefined)
  return (userAgent) => {
    if (!library || !userAgent) return undefined
    const { browser, os } = library.default.parse(userAgent)
    return browser.name && os.name ? { browser: browser.name, system: os.name } : undefined
  }
}
