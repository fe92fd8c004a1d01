// Prints how many tests of a vitest JSON report passed and failed, and to standard error each that failed, with why.
// What did not run counts as failed, and so does a file that broke before its first test.
import { readFileSync } from 'node:fs'

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

let passed = 0
let failed = 0
for (const file of testResults) {
  for (const test of file.assertionResults) {
    if (test.status === 'passed') passed++
    else {
      failed++
      const outcome =
        test.status === 'pending' ? 'never ended, as the process that ran it may have' : test.status
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
