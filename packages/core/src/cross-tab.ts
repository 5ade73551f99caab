/** The cross-tab protocol: pure transactions and steps, for programs that check it or bind it to another platform. */
export * from './tabs/answer.ts'
export * from './tabs/change.ts'
export * from './tabs/hint.ts'
export * from './tabs/record.ts'
export * from './tabs/refresh.ts'
export * from './tabs/sign-in.ts'
