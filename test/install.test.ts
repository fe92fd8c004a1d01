import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../load/free-port.ts'
import { buildImage } from './support/dockerfile.ts'
import { ask, until } from './support/http.ts'
import { ownEnvironment, temporaryDirectory } from './support/weir.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))

// Installs packages with npm and runs a program as another user, so it runs only in CI.
describe.skipIf(!process.env['CI'])('Weir on a new machine', () => {
  it('starts as the README describes', { timeout: 600_000 }, async () => {
    const clone = await copyOf(trackedFiles())
    const port = await freePort()
    const npm = spawn('sh', ['-c', 'npm ci && exec npm start'], {
      cwd: clone,
      env: { ...ownEnvironment(), WEIR_PORT: String(port) },
      stdio: 'ignore'
    })
    await startsAndStops(npm, port)
    expect(existsSync(join(clone, 'data'))).toBe(true)
  })

  it('runs from its packed package', { timeout: 600_000 }, async () => {
    const clone = await copyOf(trackedFiles())
    await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'))
    await mkdir(join(clone, 'dist'))
    await writeFile(join(clone, 'dist/renamed-since.js'), '')
    const packed = execFileSync('npm', ['pack', '--json'], { cwd: clone, encoding: 'utf8', stdio: 'pipe' })
    const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[')))
    const paths: string[] = files.map(({ path }: { path: string }) => path)
    expect([...new Set(paths.map((path) => path.split('/')[0]))].sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'openapi', 'package.json']
    ])
    for (const page of ['console', 'docs']) {
      expect(paths).toContain(`dist/${page}/index.html`)
      expect(paths).toContain(`dist/${page}/licenses.md`)
    }
    expect(paths).not.toContain('dist/renamed-since.js')

    const elsewhere = await temporaryDirectory()
    await cp(join(clone, filename), join(elsewhere, filename))
    const port = await freePort()
    const npx = spawn('npx', ['--yes', `./${filename}`], {
      cwd: elsewhere,
      env: { ...ownEnvironment(), npm_config_cache: join(elsewhere, 'cache'), WEIR_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true
    })
    const log = text(npx.stdout)
    onTestFinished(() => void execFileSync('sh', ['-c', `kill -KILL -${npx.pid} 2>/dev/null || true`]))
    await answers(npx, port)
    // To the process group, as a terminal does, because npx does not forward signals.
    process.kill(-(npx.pid as number), 'SIGTERM')
    expect(await log).toContain('"msg":"closed"')

    const [installation = ''] = await readdir(join(elsewhere, 'cache/_npx'))
    const modules = join(elsewhere, 'cache/_npx', installation, 'node_modules')
    const names = Object.keys(readJson(join(REPOSITORY, 'package.json')).dependencies)
    const locked = readJson(join(REPOSITORY, 'package-lock.json')).packages
    expect(names.map((name) => [name, readJson(join(modules, name, 'package.json')).version])).toEqual(
      names.map((name) => [name, locked[`node_modules/${name}`].version])
    )
    expect(existsSync(join(modules, 'typescript'))).toBe(false)
  })

  it('runs from the image of the Dockerfile, as an unprivileged user', { timeout: 600_000 }, async () => {
    const context = await copyOf(trackedFiles().filter(isInDockerContext))
    const dockerfile = readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8')
    const image = buildImage(dockerfile, context, join(await temporaryDirectory(), 'image'))
    expect(image.uid).toBeGreaterThan(0)
    expect(existsSync(join(image.workingDirectory, 'node_modules/typescript'))).toBe(false)
    expect(existsSync(join(image.workingDirectory, 'LICENSE'))).toBe(true)

    const port = await freePort()
    const [command = '', ...args] = image.entrypoint
    const settings = {
      cwd: image.workingDirectory,
      // On loopback, because this is not a container.
      env: { ...ownEnvironment(), ...image.environment, WEIR_HOST: '127.0.0.1', WEIR_PORT: String(port) },
      uid: image.uid,
      gid: image.gid,
      stdio: 'ignore' as const
    }
    const weir = spawn(command, args, settings)
    await until(async () => {
      const [probe = '', ...probeArgs] = image.healthcheck
      const [code] = await once(spawn(probe, probeArgs, settings), 'exit')
      return code === 0
    })
    await startsAndStops(weir, port)
  })
})

/** Waits until a server answers, uses it, and expects it to exit with 0 on SIGTERM. */
async function startsAndStops(server: ChildProcess, port: number): Promise<void> {
  onTestFinished(() => void server.kill('SIGKILL'))
  await answers(server, port)
  server.kill('SIGTERM')
  expect((await once(server, 'exit'))[0]).toBe(0)
}

/** Waits until a server answers, and uses it. */
async function answers(server: ChildProcess, port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}`
  await until(() =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok || server.exitCode !== null,
      () => false
    )
  )
  const { ids } = await ask('POST', `${url}/v1/streams/orders/entries`, {
    entries: [{ fields: { item: 'book' } }]
  })
  expect(ids).toHaveLength(1)
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of a known form
function readJson(file: string): any {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function trackedFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

/** Whether .dockerignore includes a file. It excludes everything except the names after an exclamation mark. */
function isInDockerContext(file: string): boolean {
  const rules = readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8').match(/^[^#\n].*$/gm) ?? []
  expect(rules[0]).toBe('*')
  return rules.slice(1).some((rule) => file === rule.slice(1) || file.startsWith(`${rule.slice(1)}/`))
}

async function copyOf(files: readonly string[]): Promise<string> {
  const copy = await temporaryDirectory()
  for (const file of files) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    await cp(join(REPOSITORY, file), join(copy, file))
  }
  return copy
}
