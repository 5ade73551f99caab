import { expect, test } from 'vitest'
import { loadDeviceReader } from './device.ts'

test.each([
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    { browser: 'Chrome', system: 'macOS' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    { browser: 'Safari', system: 'iOS' },
  ],
  // mozilla/fxa-auth-server#1982 called such a session `null null`.
  ['curl/8.5.0', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads the browser and the system of %j', async (userAgent, device) => {
  const read = await loadDeviceReader()
  expect(read(userAgent)).toEqual(device)
})
