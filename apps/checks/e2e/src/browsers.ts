/** The browser of people. */
export const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** The same engine without a window, which needs half of the processor time. `npm test` names it if the system has it. */
export const headlessShell = process.env['HEADLESS_SHELL_PATH'] ?? chromium

export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launchOptions = (executablePath: string) => ({
  executablePath,
  args,
  // As in people's browsers, Back restores a page from memory.
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
})
