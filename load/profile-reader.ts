import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A function, and the amount that it used itself, without its callees. */
export interface Share {
  /** The function's name, file and line. */
  readonly name: string
  readonly amount: number
}

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  readonly samples: readonly number[]
  /** Microseconds. */
  readonly timeDeltas: readonly number[]
}

interface HeapNode {
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/**
 * Reads all CPU profiles of a directory. Returns the microseconds that each function used itself, in descending order.
 */
export async function selfTimes(directory: string): Promise<Share[]> {
  const shares = new Map<string, number>()
  for (const { nodes, samples, timeDeltas } of await profiles<CpuProfile>(directory, '.cpuprofile')) {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
    samples.forEach((id, i) => {
      add(shares, names.get(id) ?? '(unknown)', timeDeltas[i] ?? 0)
    })
  }
  return inDescendingOrder(shares)
}

/**
 * Reads all heap profiles of a directory. Returns the bytes that each function allocated and that were in use at the
 * end, in descending order. They are estimates from samples.
 */
export async function selfSizes(directory: string): Promise<Share[]> {
  const shares = new Map<string, number>()
  const walk = ({ callFrame, selfSize, children }: HeapNode): void => {
    add(shares, nameOf(callFrame), selfSize)
    children.forEach(walk)
  }
  for (const { head } of await profiles<{ head: HeapNode }>(directory, '.heapprofile')) walk(head)
  return inDescendingOrder(shares)
}

async function profiles<P>(directory: string, ending: string): Promise<P[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(ending))
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(directory, file), 'utf8'))))
}

const REPOSITORY = new URL('..', import.meta.url)

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const file = url.startsWith(REPOSITORY.href)
    ? url.slice(REPOSITORY.href.length)
    : url.replace(fileURLToPath(REPOSITORY), '')
  return `${name} ${file}:${lineNumber + 1}`
}

function add(shares: Map<string, number>, name: string, amount: number): void {
  shares.set(name, (shares.get(name) ?? 0) + amount)
}

function inDescendingOrder(shares: ReadonlyMap<string, number>): Share[] {
  return [...shares].map(([name, amount]) => ({ name, amount })).toSorted((a, b) => b.amount - a.amount)
}
