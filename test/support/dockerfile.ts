import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** An image that was built without Docker: a directory as its root, and how to start the program in it. */
export interface Image {
  readonly root: string
  readonly workingDirectory: string
  readonly environment: Readonly<Record<string, string>>
  readonly uid: number
  readonly gid: number
  readonly entrypoint: readonly string[]
  readonly healthcheck: readonly string[]
}

interface Stage {
  root: string
  workingDirectory: string
  environment: Record<string, string>
  user: string
  entrypoint: string[]
  healthcheck: string[]
}

/**
 * Executes the instructions of a Dockerfile in an empty directory, with the programs of this machine instead of those
 * of the base image. The Dockerfile may use no absolute paths except `/weir` and `/data`. Throws at an unknown
 * instruction, so that none is ignored.
 */
export function buildImage(dockerfile: string, context: string, into: string): Image {
  const stages = new Map<string, Stage>()
  let stage = newStage(into)
  for (const [, instruction = '', rest = ''] of instructions(dockerfile)) {
    switch (instruction) {
      case 'FROM': {
        const name = / AS (\w+)$/.exec(rest)?.[1] ?? 'final'
        stage = newStage(join(into, name))
        stages.set(name, stage)
        break
      }
      case 'WORKDIR':
        stage.workingDirectory = inRoot(stage, rest)
        mkdirSync(stage.workingDirectory, { recursive: true })
        break
      case 'COPY':
        copy(stage, rest, stages, context)
        break
      case 'RUN':
        execFileSync('sh', ['-ec', inRoot(stage, rest)], { cwd: stage.workingDirectory, stdio: 'pipe' })
        break
      case 'ENV':
        for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) {
          stage.environment[name] = inRoot(stage, value)
        }
        break
      case 'USER':
        stage.user = rest
        break
      case 'HEALTHCHECK':
        stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('[')))
        break
      case 'ENTRYPOINT':
        stage.entrypoint = JSON.parse(rest).map((word: string) => inRoot(stage, word))
        break
      case 'VOLUME':
      case 'EXPOSE':
        break
      default:
        throw new Error(`The Dockerfile has an instruction that is not tested: ${instruction}`)
    }
  }
  const [uid = 0, gid = 0] = stage.user.split(':').map(Number)
  return { ...stage, uid, gid }
}

function newStage(root: string): Stage {
  mkdirSync(root, { recursive: true })
  // Every user can read it, like a real root, whatever the mode of the directory above it.
  for (const path of [dirname(root), root]) chmodSync(path, 0o755)
  return { root, workingDirectory: root, environment: {}, user: '0:0', entrypoint: [], healthcheck: [] }
}

/** The instructions of a Dockerfile as matches of [all, name, rest]. Continued lines are joined, comments left out. */
function instructions(dockerfile: string): RegExpMatchArray[] {
  const lines = dockerfile.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  return [...lines.matchAll(/^([A-Z]+) (.*)$/gm)]
}

function inRoot(stage: Stage, text: string): string {
  return text.replaceAll(/(?<![^\s=])\/(weir|data)\b/g, (path) => join(stage.root, path))
}

/** Copies from the context, which contains what .dockerignore allows, or from another stage. */
function copy(stage: Stage, rest: string, stages: ReadonlyMap<string, Stage>, context: string): void {
  const words = rest.split(' ')
  const from = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1]
  const source = from === undefined ? undefined : stages.get(from)
  const paths = words
    .slice(from === undefined ? 0 : 1)
    .map((path, i, all) =>
      i === all.length - 1
        ? join(stage.workingDirectory, path)
        : source === undefined
          ? join(context, path)
          : inRoot(source, path)
    )
  execFileSync('cp', ['-R', ...paths], { stdio: 'pipe' })
}
