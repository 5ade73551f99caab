// The parts of the page that a server renders too, for the sample in Nuxt.
export { default as ApiPanel } from './ApiPanel.vue'
export { default as Log } from './Log.vue'
export { pageKey, usePage } from './page.ts'
export { default as SessionCard } from './SessionCard.vue'
export { default as StateView } from './StateView.vue'
export { useStore } from './use-store.ts'
export { default as WordMark } from './WordMark.vue'
