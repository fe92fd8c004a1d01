import { describe, expect, it } from 'vitest'
import { ConfigError, type Environment, readConfig } from '../../src/config/config.ts'
import { helpText } from '../../src/config/help.ts'
import { VARIABLES } from '../../src/config/variables.ts'

describe('readConfig', () => {
  it('has defaults for a laptop', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 7070,
      tokensFile: '',
      tlsCertFile: '',
      tlsKeyFile: '',
      insecure: false,
      allowedHosts: [],
      corsOrigins: [],
      engine: 'embedded',
      dataDir: './data',
      fsync: 'always',
      memoryBytes: 256 * 1024 * 1024,
      warmUpMs: 500,
      metricsGroups: 1000,
      logLevel: 'info',
      redisUrl: 'redis://127.0.0.1:6379',
      redisPrefix: '',
      bodyLimitBytes: 8 * 1024 * 1024,
      maxWaitMs: 60_000,
      maxWaiting: 20_000,
      maxWaitingPlaces: 200_000,
      maxWaitingPerToken: 20_000,
      maxRate: 0,
      maxConnections: 'auto',
      keepAliveMs: 75_000,
      maxInFlight: 10_000,
      maxBufferedBytes: 128 * 1024 * 1024,
      maxBufferedShare: 50,
      maxStreams: 100_000,
      maxGroups: 100_000,
      maxConsumers: 1_000_000,
      maxPending: 10_000_000
    })
  })

  it('reads every variable', () => {
    const config = readConfig({
      WEIR_HOST: '::1',
      WEIR_PORT: '0',
      WEIR_TOKENS_FILE: '/etc/weir/tokens.json',
      WEIR_TLS_CERT_FILE: '/etc/weir/cert.pem',
      WEIR_TLS_KEY_FILE: '/etc/weir/key.pem',
      WEIR_INSECURE: '1',
      WEIR_ALLOWED_HOSTS: 'weir.example, [::1]:7070',
      WEIR_CORS_ORIGINS: 'https://app.example',
      WEIR_ENGINE: 'embedded',
      WEIR_DATA_DIR: '/var/lib/weir',
      WEIR_FSYNC: 'everysec',
      WEIR_MEMORY_BYTES: '1GiB',
      WEIR_WARM_UP_MS: '0',
      WEIR_METRICS_GROUPS: '20',
      WEIR_LOG_LEVEL: 'silent',
      WEIR_REDIS_URL: 'redis://10.0.0.1,redis://10.0.0.2',
      WEIR_REDIS_PREFIX: 'weir:',
      WEIR_BODY_LIMIT_BYTES: '65536',
      WEIR_MAX_WAIT_MS: '0',
      WEIR_MAX_WAITING: '10',
      WEIR_MAX_WAITING_PLACES: '20',
      WEIR_MAX_WAITING_PER_TOKEN: '5',
      WEIR_MAX_RATE: '100',
      WEIR_MAX_CONNECTIONS: '50',
      WEIR_KEEP_ALIVE_MS: '620000',
      WEIR_MAX_IN_FLIGHT: '7',
      WEIR_MAX_BUFFERED_BYTES: '64MiB',
      WEIR_MAX_BUFFERED_SHARE: '25',
      WEIR_MAX_STREAMS: '1',
      WEIR_MAX_GROUPS: '2',
      WEIR_MAX_CONSUMERS: '3',
      WEIR_MAX_PENDING: '4'
    })
    expect(config).toEqual({
      host: '::1',
      port: 0,
      tokensFile: '/etc/weir/tokens.json',
      tlsCertFile: '/etc/weir/cert.pem',
      tlsKeyFile: '/etc/weir/key.pem',
      insecure: true,
      allowedHosts: ['weir.example', '[::1]:7070'],
      corsOrigins: ['https://app.example'],
      engine: 'embedded',
      dataDir: '/var/lib/weir',
      fsync: 'everysec',
      memoryBytes: 1024 ** 3,
      warmUpMs: 0,
      metricsGroups: 20,
      logLevel: 'silent',
      redisUrl: 'redis://10.0.0.1,redis://10.0.0.2',
      redisPrefix: 'weir:',
      bodyLimitBytes: 65_536,
      maxWaitMs: 0,
      maxWaiting: 10,
      maxWaitingPlaces: 20,
      maxWaitingPerToken: 5,
      maxRate: 100,
      maxConnections: 50,
      keepAliveMs: 620_000,
      maxInFlight: 7,
      maxBufferedBytes: 64 * 1024 * 1024,
      maxBufferedShare: 25,
      maxStreams: 1,
      maxGroups: 2,
      maxConsumers: 3,
      maxPending: 4
    })
  })

  it('returns a frozen object', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  it.each([
    ['8388608', 8_388_608],
    ['8192KiB', 8_388_608],
    ['8MiB', 8_388_608],
    ['1KiB', 1024]
  ])('reads the size %s', (text, bytes) => {
    expect(readConfig({ WEIR_BODY_LIMIT_BYTES: text }).bodyLimitBytes).toBe(bytes)
  })

  it.each([
    ['WEIR_PORT', '65536'],
    ['WEIR_PORT', '-1'],
    ['WEIR_PORT', '7070.5'],
    ['WEIR_PORT', '0x10'],
    ['WEIR_PORT', ' 7070'],
    ['WEIR_ENGINE', 'postgres'],
    ['WEIR_REDIS_URL', 'http://127.0.0.1:6379'],
    ['WEIR_REDIS_URL', 'redis://'],
    ['WEIR_FSYNC', 'Always'],
    ['WEIR_LOG_LEVEL', 'verbose'],
    ['WEIR_BODY_LIMIT_BYTES', '1023'],
    ['WEIR_BODY_LIMIT_BYTES', '65MiB'],
    ['WEIR_BODY_LIMIT_BYTES', '8MB'],
    ['WEIR_MAX_WAIT_MS', '600001'],
    ['WEIR_MAX_WAITING', 'many'],
    ['WEIR_MAX_BUFFERED_SHARE', '0'],
    ['WEIR_MAX_BUFFERED_SHARE', '101'],
    ['WEIR_INSECURE', 'true'],
    ['WEIR_HOST', 'http://127.0.0.1'],
    ['WEIR_KEEP_ALIVE_MS', '0'],
    ['WEIR_KEEP_ALIVE_MS', '75s'],
    ['WEIR_HOST', '127.0.0.1:7070'],
    ['WEIR_HOST', 'localhost:7070']
  ])('refuses %s=%s and shows the expected value', (name, text) => {
    const expected = Object.values(VARIABLES).find((variable) => variable.name === name)?.expected
    expect(mistakesOf({ [name]: text })).toEqual([`${name} is "${text}", but must be ${expected}.`])
  })

  it.each([
    ...['*', '*.example', 'http://weir.example', 'weir.example/', 'ann@weir.example', '::1', '[::1%lo]'],
    ...['weir.example,', 'weir.example:70700', '1.2.3.4.5', 'weir example']
  ])('refuses the host %s', (text) => {
    expect(mistakesOf({ WEIR_ALLOWED_HOSTS: text })).toEqual([expect.stringContaining('WEIR_ALLOWED_HOSTS')])
  })

  it.each(['*', 'null', 'app.example', 'https://app.example/', 'https://*.example', 'ftp://app.example'])(
    'refuses the origin %s',
    (text) => {
      expect(mistakesOf({ WEIR_CORS_ORIGINS: text })).toEqual([expect.stringContaining('WEIR_CORS_ORIGINS')])
    }
  )

  it('reads origins as browsers write them', () => {
    const { corsOrigins } = readConfig({ WEIR_CORS_ORIGINS: 'HTTPS://App.Example:443,http://[::1]:8080' })
    expect(corsOrigins).toEqual(['https://app.example', 'http://[::1]:8080'])
  })

  it.each(Object.values(VARIABLES))(
    'escapes invisible characters in a value of $name',
    ({ name, expected }) => {
      const text = 'a\r\tb\u00a0\u200b\ufeff\u2028\u{e0001} \u0001'
      const [mistake, ...others] = mistakesOf({ [name]: text })
      const escaped = '"a\\r\\tb\\u{a0}\\u{200b}\\u{feff}\\u{2028}\\u{e0001} \\u{1}"'
      expect(mistake).toBe(`${name} is ${escaped}, but must be ${expected}.`)
      expect(others.filter((other) => other.startsWith(name))).toEqual([])
    }
  )

  it.each(['WEIR_FSYNC\r', 'WEIR_FSYNC\u200b', 'WEIR_\ufeffFSYNC', 'WEIR_FSYNC\u00a0'])(
    'escapes invisible characters in the name %j',
    (name) => {
      const [mistake = ''] = mistakesOf({ [name]: 'always' })
      expect(mistake).toMatch(/^Unknown variable WEIR_[\\{}\w]*\\[\\{}\w]*\. Did you mean WEIR_FSYNC\?$/)
    }
  )

  it.each(['WEIR_DATA_DIR', 'WEIR_TOKENS_FILE', 'WEIR_REDIS_PREFIX'])(
    'does not escape spaces and letters of any language in %s',
    (name) => {
      expect(mistakesOf({ [name]: './Übersicht der Daten/订单' })).toEqual([])
    }
  )

  it('shows no password when it refuses an address', () => {
    const [mistake] = mistakesOf({ WEIR_REDIS_URL: 'http://ann:secret@127.0.0.1' })
    expect(mistake).toContain('"http://…@127.0.0.1"')
  })

  it.each(['WEIR_TLS_CERT_FILE', 'WEIR_TLS_KEY_FILE'])('refuses %s without the other', (name) => {
    expect(mistakesOf({ [name]: 'file.pem' })).toEqual([expect.stringContaining('belong together')])
  })

  it('accepts either engine', () => {
    expect(readConfig({ WEIR_ENGINE: 'redis' }).engine).toBe('redis')
  })

  it.each(['WEIR_MAX_STREAMS', 'WEIR_MAX_GROUPS', 'WEIR_MAX_CONSUMERS', 'WEIR_MAX_PENDING'])(
    'refuses %s with Redis, where it would have no effect, but no other limit',
    (name) => {
      const onRedis = { WEIR_ENGINE: 'redis', WEIR_MAX_WAITING: '10', WEIR_MAX_IN_FLIGHT: '10' }
      expect(mistakesOf({ ...onRedis, [name]: '1' })).toEqual([
        `${name} is a limit of the embedded engine and has no effect on Redis: unset it, or unset WEIR_ENGINE.`
      ])
      expect(mistakesOf({ ...onRedis, [name]: '' })).toEqual([])
      expect(mistakesOf({ [name]: '1' })).toEqual([])
    }
  )

  it('treats an empty variable as not set', () => {
    expect(readConfig({ WEIR_PORT: '' }).port).toBe(7070)
  })

  it('reports every mistake at once', () => {
    const mistakes = mistakesOf({ WEIR_PORT: 'x', WEIR_FSYNC: 'y', WEIR_HOST: '0.0.0.0', WEIR_COLOR: 'red' })
    expect(mistakes).toHaveLength(4)
  })

  it('suggests the nearest variable for an unknown one', () => {
    expect(mistakesOf({ WEIR_FSINC: 'always' })).toEqual([
      'Unknown variable WEIR_FSINC. Did you mean WEIR_FSYNC?'
    ])
  })

  it('ignores variables of other programs', () => {
    expect(readConfig({ PATH: '/bin', PORT: '1', weir_port: 'x' }).port).toBe(7070)
  })

  it('explains variables that Kubernetes sets for a service named weir', () => {
    const mistakes = mistakesOf({ WEIR_PORT: 'tcp://10.0.0.1:7070', WEIR_SERVICE_HOST: '10.0.0.1' })
    expect(mistakes).toHaveLength(2)
    for (const mistake of mistakes) expect(mistake).toContain('enableServiceLinks: false')
  })

  it.each(['::1', 'fe80::1%eth0', '::ffff:127.0.0.1'])('accepts the address %s', (host) => {
    expect(readConfig({ WEIR_HOST: host, WEIR_INSECURE: '1' }).host).toBe(host)
  })

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('accepts the loopback address %s', (host) => {
    expect(readConfig({ WEIR_HOST: host }).host).toBe(host)
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'weir.example', '127.evil.example'])(
    'accepts %s only with WEIR_INSECURE=1 or tokens',
    (host) => {
      expect(mistakesOf({ WEIR_HOST: host })).toEqual([expect.stringContaining('WEIR_INSECURE=1')])
      expect(readConfig({ WEIR_HOST: host, WEIR_INSECURE: '1' }).host).toBe(host)
      expect(readConfig({ WEIR_HOST: host, WEIR_TOKENS_FILE: 'tokens.json' }).host).toBe(host)
    }
  )
})

describe('helpText', () => {
  it('lists every variable with its default and its meaning', () => {
    for (const variable of Object.values(VARIABLES)) {
      expect(helpText()).toContain(`${variable.name.padEnd(27)} ${variable.default} `)
      expect(helpText()).toContain(variable.meaning.replaceAll('`', ''))
    }
  })
})

function mistakesOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}
