import Bowser from 'bowser'

export interface Device {
  readonly browser: string
  readonly system: string
  readonly kind: 'desktop' | 'mobile' | 'tablet' | 'other'
}

/** What a user agent says of its device, as far as it can be believed; undefined where it says nothing. */
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
