import { vi } from 'vitest'

// By default, `vi.waitFor` gives up after one second. A busy machine can need that long for one step, and this limit must
// catch only hangs.
const { waitFor } = vi
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, {
    timeout: 60_000,
    ...(typeof options === 'number' ? { timeout: options } : options),
  })

// fast-check prints the seed of a failing property; SEED repeats it.
const { SEED } = process.env
if (SEED) {
  const { configureGlobal } = await import('fast-check')
  configureGlobal({ seed: Number(SEED) })
}
