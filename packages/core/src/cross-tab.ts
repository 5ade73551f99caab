/** The cross-tab protocol by itself: pure transactions and steps, for whoever wants to check or re-bind them. */
export * from './protocol.ts'
export type * from './record.ts'
export * from './refresh.ts'
