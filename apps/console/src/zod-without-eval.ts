import { config } from 'zod'

// Must run before any schema is created: zod compiles schemas with eval, which the Content Security Policy forbids.
config({ jitless: true })
