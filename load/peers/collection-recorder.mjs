import { writeFileSync } from 'node:fs'
import { PerformanceObserver, performance } from 'node:perf_hooks'

// Node loads this into a Weir before Weir itself. It keeps when each garbage collection began and how long it held the
// main thread, and writes the list to LOAD_COLLECTIONS_FILE at the end. It is plain JavaScript because Weir runs without
// tsx.
const found = []
const observer = new PerformanceObserver((list) => {
  for (const { startTime, duration, detail } of list.getEntries())
    found.push([performance.timeOrigin + startTime, duration, detail.kind])
})
observer.observe({ entryTypes: ['gc'] })
process.on('exit', () => writeFileSync(process.env['LOAD_COLLECTIONS_FILE'], JSON.stringify(found)))
