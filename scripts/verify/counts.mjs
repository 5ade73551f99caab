// Reads the counts from the test runners' JSON reports.
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

/** Counts at least one failure if the run failed as a whole or ran no test, even if its report has none. */
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
