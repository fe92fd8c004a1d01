import { writeFileSync } from 'node:fs'
import { PerformanceObserver, performance } from 'node:perf_hooks'

// Node loads this module before Weir. It records when each garbage collection started and how long it blocked the main
// thread, and writes the list to LOAD_COLLECTIONS_FILE at exit. It is plain JavaScript because Weir runs without tsx.
const collections = []
const observer = new PerformanceObserver((list) => {
  for (const { startTime, duration, detail } of list.getEntries())
    collections.push([performance.timeOrigin + startTime, duration, detail.kind])
})
observer.observe({ entryTypes: ['gc'] })
process.on('exit', () => writeFileSync(process.env['LOAD_COLLECTIONS_FILE'], JSON.stringify(collections)))
