import type { GeneratorName } from './generators.ts'

/** A language for which `npm run sdk` generates a client. */
export interface Language {
  /** The heading of its commands in docs/clients.md. */
  readonly title: string
  /** Where its commands run: a folder of openapi/examples/. */
  readonly directory: string
  readonly generator: GeneratorName
  /** The programs that its commands call. */
  readonly programs: readonly Program[]
  /** Where the generator writes, within the directory. */
  readonly generated: string
  /** Whether there is a worker, which the suite runs. The others are generated, and their names are checked. */
  readonly hasWorker: boolean
}

/** The programs that must be on the PATH, and the Debian package of each. */
export const PROGRAMS = {
  node: 'nodejs',
  npm: 'npm',
  curl: 'curl',
  jq: 'jq',
  python3: 'python3-venv',
  go: 'golang-go',
  java: 'default-jre-headless',
  javac: 'default-jdk-headless',
  mvn: 'maven',
  cargo: 'cargo'
} as const

export type Program = keyof typeof PROGRAMS

const OPENAPI_GENERATOR = ['java', 'mvn'] as const

export const LANGUAGES = {
  curl: {
    title: 'curl',
    directory: 'curl',
    generator: 'none',
    programs: ['curl', 'jq'],
    generated: 'weir',
    hasWorker: true
  },
  typescript: {
    title: 'TypeScript',
    directory: 'typescript',
    generator: 'openapi-typescript',
    programs: ['node', 'npm'],
    generated: 'weir',
    hasWorker: true
  },
  python: {
    title: 'Python',
    directory: 'python',
    generator: 'openapi-generator',
    programs: ['python3', ...OPENAPI_GENERATOR],
    generated: 'weir',
    hasWorker: true
  },
  'python-client': {
    title: 'Python with openapi-python-client',
    directory: 'python-client',
    generator: 'openapi-python-client',
    programs: ['python3'],
    generated: 'weir',
    hasWorker: true
  },
  go: {
    title: 'Go',
    directory: 'go',
    generator: 'oapi-codegen',
    programs: ['go'],
    generated: 'weir',
    hasWorker: true
  },
  java: {
    title: 'Java',
    directory: 'java',
    generator: 'openapi-generator',
    programs: ['javac', ...OPENAPI_GENERATOR],
    generated: 'target/generated-sources',
    hasWorker: true
  },
  rust: {
    title: 'Rust',
    directory: 'rust',
    generator: 'openapi-generator',
    programs: ['cargo', ...OPENAPI_GENERATOR],
    generated: 'weir',
    hasWorker: true
  },
  kotlin: named('Kotlin', 'kotlin'),
  csharp: named('C#', 'csharp'),
  php: named('PHP', 'php'),
  ruby: named('Ruby', 'ruby')
} as const satisfies Record<string, Language>

export type LanguageName = keyof typeof LANGUAGES

export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as LanguageName[]

/** A language whose client is generated, and whose names are checked. */
function named(title: string, directory: string) {
  return {
    title,
    directory,
    generator: 'openapi-generator',
    programs: OPENAPI_GENERATOR,
    generated: 'weir',
    hasWorker: false
  } as const
}
