import type { Plugin } from 'vite'

/** The addresses that Passage's clients are built with. */
const ADDRESSES = /https:\/\/(?:auth|api)\.passage\.id/g

/** Replaces the address of Passage in one of its files by that of a session server, and nothing else. */
export const withAddress = (code: string, url: string): string => code.replaceAll(ADDRESSES, url)

export const isOfPassage = (file: string): boolean => file.includes('/@passageidentity/')

/** Does so while Vite bundles. */
export const passageAddress = (url: string): Plugin => ({
  name: 'passage-address',
  enforce: 'pre',
  transform: (code, id) => (isOfPassage(id) ? withAddress(code, url) : undefined),
})
