// What the test runners' JSON reports say, as counts.
import { readFileSync } from 'node:fs'

const readers = {
  vitest: ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  }),
  playwright: ({ stats: { expected, unexpected, flaky, skipped } }) => ({
    passed: expected + flaky,
    failed: unexpected,
    skipped,
  }),
}

/** A run that failed as a whole, or ran nothing, is at least one failure, whatever its report says. */
export const countsOf = (runner, file, ok) => {
  let counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    counts = readers[runner](JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.error(`${runner}: no report (${error.message})`)
  }
  const { passed, failed } = counts
  return failed === 0 && (!ok || passed === 0) ? { ...counts, failed: 1 } : counts
}
