import { describeWorker } from './worker-suite.ts'

describeWorker('python')
