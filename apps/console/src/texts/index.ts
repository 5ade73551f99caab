import { en } from './en.ts'

/** Every word the Console shows. A translation is another object of this type. */
export type Texts = typeof en

const catalogues: Readonly<Record<string, Texts>> = { en }

const asked = (globalThis.navigator?.languages ?? []).map((tag) => tag.split('-')[0]!)
export const language = asked.find((tag) => tag in catalogues) ?? 'en'
export const t: Texts = catalogues[language]!
