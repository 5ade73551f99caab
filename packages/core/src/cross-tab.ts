/** The cross-tab protocol by itself: pure transactions and steps, for whoever wants to check or re-bind them. */
export * from './tabs/protocol.ts'
export type * from './tabs/record.ts'
export * from './tabs/refresh.ts'
