import { readClaims } from '@tokenkeep/core'
import { appOf, type App } from './app.ts'
import { hasLocalStorage, readIssuer, readPassageToken } from './browser-storage.ts'
import { configuredApp } from './configuration.ts'

/** Returns the app whose session is in this browser, as far as that is known without waiting. */
export function currentApp(): App | undefined {
  const configured = configuredApp()
  if (configured || !hasLocalStorage()) return configured
  return appOf(readClaims(readPassageToken())?.iss) ?? appOf(readIssuer())
}
