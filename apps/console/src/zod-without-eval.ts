import { config } from 'zod'

// First of all: the policy allows no code from strings, and schemas try that as soon as they are made.
config({ jitless: true })
