import { vi } from 'vitest'

// Vitest gives up after one second, which a busy machine can need for a single step. A limit catches hangs, not slowness.
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
