// The parts of the page that a server renders too, for the sample in Angular SSR.
export { ApiPanel } from './api-panel'
export { Log } from './log'
export { PAGE } from './page'
export { SessionCard } from './session-card'
export { StateView } from './state-view'
export { fromStore } from './store'
export { Wordmark } from './wordmark'
