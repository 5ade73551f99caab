// The parts of the page that a server renders too, for the sample in Next.js.
export { ApiPanel } from './api-panel.tsx'
export { Log } from './log.tsx'
export { SessionCard } from './session-card.tsx'
export { StateView } from './state-view.tsx'
export { useStore } from './use-store.ts'
export { Wordmark } from './wordmark.tsx'
