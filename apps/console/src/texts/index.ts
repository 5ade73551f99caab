import { en } from './en.ts'

/** All texts of the Console. A translation is another object of this type. */
export type Texts = typeof en

const catalogues: Readonly<Record<string, Texts>> = { en }

const preferredLanguages = (globalThis.navigator?.languages ?? []).map((tag) => tag.split('-')[0]!)
export const language = preferredLanguages.find((tag) => tag in catalogues) ?? 'en'
export const t: Texts = catalogues[language]!
