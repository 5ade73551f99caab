import Bowser from 'bowser'

export interface Device {
  readonly browser: string
  readonly system: string
  readonly kind: 'desktop' | 'mobile' | 'tablet' | 'other'
}

/** Reads the browser and the device from a user agent, or returns undefined if it names none. For display only: a client can send any user agent. */
export function deviceOf(userAgent: string | undefined): Device | undefined {
  if (!userAgent) return undefined
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (!browser.name || !os.name) return undefined
  const kind = platform.type
  return {
    browser: browser.name,
    system: os.name,
    kind: kind === 'desktop' || kind === 'mobile' || kind === 'tablet' ? kind : 'other',
  }
}
