import { describe, expect, it } from 'vitest'
import { faultsOfNames, faultsOfSources, type Named } from '../../../openapi/sdk/names.ts'
import { SPELLINGS } from '../../../openapi/sdk/spellings.ts'

const DOCUMENT: Named = {
  paths: { '/ack': { post: { tags: ['groups'], operationId: 'ackEntries' } } },
  components: {
    schemas: {
      EntryId: { type: 'string' },
      Fields: { type: 'object', additionalProperties: { type: 'string' } },
      NackOutcome: { type: 'string', enum: ['retry'] },
      Delivery: { type: 'object', properties: { ackBeforeMs: {}, fields: {} } }
    }
  }
}

/** What OpenAPI Generator writes for this document, in short. */
const SOURCES = {
  java: {
    GroupsApi: '  public Acked ackEntries(String stream) throws ApiException {',
    NackOutcome: 'public enum NackOutcome {',
    Delivery: '  public Long getAckBeforeMs() {\n  public Map<String, String> getFields() {'
  },
  kotlin: {
    GroupsApi: '    fun ackEntries(stream: kotlin.String) : Acked {',
    NackOutcome: 'enum class NackOutcome(val value: kotlin.String) {',
    Delivery:
      '    val ackBeforeMs: kotlin.Long? = null,\n    val fields: kotlin.collections.Map<kotlin.String, kotlin.String>?'
  },
  csharp: {
    GroupsApi: '        public async Task<IAckEntriesApiResponse> AckEntriesAsync(string stream)',
    NackOutcome: '    public enum NackOutcome',
    Delivery:
      '        public long? AckBeforeMs { get { return 1; } }\n        public Dictionary<string, string>? Fields { get; set; }'
  },
  php: {
    GroupsApi: '    public function ackEntries($stream)',
    NackOutcome: 'class NackOutcome',
    Delivery: '    public function getAckBeforeMs()\n    public function getFields()'
  },
  ruby: {
    GroupsApi: '    def ack_entries(stream, opts = {})',
    NackOutcome: '  class NackOutcome',
    Delivery: '    attr_accessor :ack_before_ms\n    attr_accessor :fields'
  }
}

type Checked = keyof typeof SOURCES

function sourcesOf(language: Checked, changes: Readonly<Record<string, string>> = {}) {
  return Object.entries({ ...SOURCES[language], ...changes }).map(([type, text]) => ({
    path: type,
    text,
    types: text === '' ? [] : [type]
  }))
}

describe('the names of generated types', () => {
  it.each([
    'InlineObject',
    'Problem1',
    'GroupReadAnyOf',
    'EntriesAnyOfInner',
    'FirstEntryType0',
    'ModelGroup',
    'ApplicationproblemJSON404'
  ])('are refused if a generator made them up: %s', (name) => {
    expect(faultsOfNames('kotlin', ['Problem', name, 'StreamInfo'])).toEqual([expect.stringContaining(name)])
  })
})

describe.each(Object.keys(SPELLINGS) as Checked[])('the sources of the client in %s', (language) => {
  it('pass if they have all names', () => {
    expect(faultsOfSources(language, sourcesOf(language), DOCUMENT)).toEqual([])
  })

  it('are refused without a method', () => {
    const sources = sourcesOf(language, { GroupsApi: 'nothing' })
    expect(faultsOfSources(language, sources, DOCUMENT)).toEqual([
      expect.stringMatching(/^GroupsApi has no method ack_?entries/i)
    ])
  })

  it('are refused without a type', () => {
    const sources = sourcesOf(language).filter(({ path }) => path !== 'NackOutcome')
    expect(faultsOfSources(language, sources, DOCUMENT)).toEqual(['there is no type NackOutcome'])
  })

  it('are refused if a member has another name', () => {
    const { Delivery } = SOURCES[language]
    const sources = sourcesOf(language, { Delivery: Delivery.replace(/fields/i, 'propertyFields') })
    expect(faultsOfSources(language, sources, DOCUMENT)).toEqual([
      expect.stringMatching(/^Delivery has no member (get)?fields$/i)
    ])
  })

  it('are refused if a file is empty', () => {
    const sources = [...sourcesOf(language), { path: 'Empty', text: ' \n', types: [] }]
    expect(faultsOfSources(language, sources, DOCUMENT)).toEqual(['Empty is empty'])
  })

  it.each(['Stream', 'Group', 'Consumer'])('are refused if a type has a well-known name: %s', (name) => {
    const schemas = { ...DOCUMENT.components.schemas, [name]: { type: 'object', properties: {} } }
    const sources = [...sourcesOf(language), { path: name, text: name, types: [name] }]
    expect(faultsOfSources(language, sources, { ...DOCUMENT, components: { schemas } })).toEqual([
      `the type ${name} has the name of a well-known type`
    ])
  })
})
