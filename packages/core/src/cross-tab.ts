/** The cross-tab protocol: pure transactions and steps, for programs that check it or bind it to another platform. */
export * from './tabs/protocol.ts'
export type * from './tabs/record.ts'
export * from './tabs/refresh.ts'
