import type { Page } from '@playwright/test'
import { join } from 'node:path'
import sharp from 'sharp'
import { root } from './child.ts'

/** Taller pages are cut at this height. Pixels. */
const tallest = 1500

/** Writes the page into docs/screenshots/ as a PNG with a palette, which is a fifth of the size and looks the same. */
export async function take(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  const clip = { x: 0, y: 0, width, height: Math.min(height, tallest) }
  const picture = await page.screenshot({ fullPage: true, clip, animations: 'disabled', caret: 'hide' })
  await sharp(picture)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(root, 'docs', 'screenshots', `${name}.png`))
}
