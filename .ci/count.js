// Prints how many tests of a vitest JSON report passed and failed. Prints each failed test, with the reason,
// to standard error. A test that did not run counts as failed, and so does a file that broke before its first
// test.
import { readFileSync } from 'node:fs'

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

let passed = 0
let failed = 0
for (const file of testResults) {
  for (const test of file.assertionResults) {
    if (test.status === 'passed') passed++
    else {
      failed++
      const outcome = test.status === 'pending' ? 'did not end (its process may have crashed)' : test.status
      process.stderr.write(`${outcome}: ${file.name}: ${test.fullName}\n`)
      for (const message of test.failureMessages ?? []) process.stderr.write(`${message}\n`)
    }
  }
  if (file.status !== 'passed' && file.assertionResults.length === 0) {
    failed++
    process.stderr.write(`broken: ${file.name}\n${file.message ?? ''}\n`)
  }
}
process.stdout.write(`${passed} ${failed}\n`)
