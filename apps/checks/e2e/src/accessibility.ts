import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * Checks the accessibility of the current page. In legacy mode, axe does not open a second page to put the results
 * together: that takes twice as long as the check. Only results of frames of other origins would need it.
 */
export const accessibility = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode(true)
