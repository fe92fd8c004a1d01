import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { LANGUAGES, type LanguageName } from '../../openapi/sdk/languages.ts'
import { EXAMPLES } from '../../openapi/sdk/make.ts'
import { recipeOf } from '../../openapi/sdk/recipes.ts'
import { until } from '../support/http.ts'
import { ownEnvironment } from '../support/weir.ts'

/** Polls of all languages at once would take the processors from the workers. */
const EVERY_MS = 50

/** What a worker is configured with. */
export type Settings = Readonly<
  Partial<
    Record<'WEIR_URL' | 'WEIR_TOKEN' | 'STREAM' | 'GROUP' | 'CONSUMER' | 'WAIT_MS' | 'ACK_TIMEOUT_MS', string>
  >
>

/** A worker of openapi/examples/, started by the command of docs/clients.md. */
export class WorkerProcess {
  readonly process: ChildProcess
  /** What it has printed on standard output so far: a line for each processed entry. */
  readonly lines: string[] = []
  /** What it has printed on standard error so far. */
  readonly log: string[] = []
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>

  constructor(language: LanguageName, settings: Settings) {
    const { title, directory } = LANGUAGES[language]
    const { run } = recipeOf(title)
    if (run === undefined) throw new Error(`docs/clients.md has no "sh run" for ${title}`)
    // With exec, signals reach the worker instead of the shell.
    const command = run.startsWith('exec ') ? run : `exec ${run}`
    this.process = spawn('bash', ['-c', command], {
      cwd: new URL(`${directory}/`, EXAMPLES),
      env: { ...ownEnvironment(), ...settings },
      // A group of its own, so that a program that the worker has started is killed with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const onExit = () => this.signal('SIGKILL')
    process.once('exit', onExit)
    // What the worker leaves running would keep its pipes open. They are closed when all output has been read.
    this.process.once('exit', () => this.#kill('SIGKILL'))
    this.exited = once(this.process, 'close').then(([code, signal]) => {
      process.off('exit', onExit)
      return code ?? signal
    })
    this.#collect('stdout', this.lines)
    this.#collect('stderr', this.log)
  }

  /** The ids of the entries that it has processed so far. */
  get ids(): string[] {
    return this.lines.map((line) => line.split(' ')[0] ?? '')
  }

  /** Sends the signal. One that a process cannot handle reaches also the programs that the worker has started. */
  signal(name: NodeJS.Signals): void {
    if (!['SIGKILL', 'SIGSTOP', 'SIGCONT'].includes(name)) this.process.kill(name)
    else this.#kill(name)
  }

  /** Sends the signal and waits for the end. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.signal(signal)
    return this.exited
  }

  /** Waits for this many processed entries. */
  processed(count: number): Promise<string[]> {
    return this.until(async () => this.lines.length >= count && this.lines)
  }

  /** Waits for a line on standard error. */
  logged(pattern: RegExp): Promise<string> {
    return this.until(async () => this.log.find((line) => pattern.test(line)))
  }

  /** Polls until the condition returns a value other than false and undefined. Rejects if the worker ends before. */
  async until<T>(condition: () => Promise<T | false | undefined>): Promise<T> {
    let end: unknown
    void this.exited.then((code) => {
      end = code
    })
    return until(async () => {
      const ended = end
      const value = await condition()
      if (ended !== undefined && (value === false || value === undefined)) {
        throw new Error(`The worker ended with ${ended}:\n${this.log.join('\n')}`)
      }
      return value
    }, EVERY_MS)
  }

  /** Sends a signal to the worker and all that it has started. */
  #kill(name: NodeJS.Signals): void {
    try {
      if (this.process.pid !== undefined) process.kill(-this.process.pid, name)
    } catch {
      // All of its processes have ended.
    }
  }

  #collect(name: 'stdout' | 'stderr', lines: string[]): void {
    const input = this.process[name]
    if (input !== null) createInterface({ input }).on('line', (line) => lines.push(line))
  }
}

/** Starts a worker for one test. It is killed when the test is over, and its log is shown if the test failed. */
export function workerForTest(language: LanguageName, settings: Settings): WorkerProcess {
  const worker = new WorkerProcess(language, settings)
  onTestFinished(async ({ task }) => {
    await worker.stop('SIGKILL')
    if (task.result?.state === 'fail') console.error(`${language}, standard error:\n${worker.log.join('\n')}`)
  })
  return worker
}
