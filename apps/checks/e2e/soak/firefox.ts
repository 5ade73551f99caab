import puppeteer from 'puppeteer-core'
import type { Engine } from './engine.ts'

/** Starts Firefox ESR. Controls it over WebDriver BiDi. */
export async function firefox(): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr',
    headless: true,
  })
  return {
    async open(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return {
        evaluate: (expression) => page.evaluate(expression) as Promise<never>,
        close: () => page.close(),
      }
    },
    close: () => browser.close(),
  }
}
