import { browserEnvironment, type Environment } from '../src/environment.ts'

/** The environment of a program without other tabs: the lock is free, and each retry waits for the longest random delay. */
export const loneEnvironment: Environment = {
  ...browserEnvironment,
  entropy: () => ({ ...browserEnvironment.entropy(), jitter: 1 }),
  fetch: () => Promise.reject(new Error('No request is expected.')),
  lock: (_, work) => work(),
  channel: () => () => {},
  lastMessage: () => undefined,
}
