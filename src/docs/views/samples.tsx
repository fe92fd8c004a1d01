import { Store, useStore } from '../../console/live/store.ts'
import { Code, CopyButton } from '../parts/code.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { LANGUAGES, type Language } from '../samples/samples.ts'
import type { ApiRequest } from '../try/api-request.ts'

const KEY = 'weir-docs-language'
const NAMES = Object.keys(LANGUAGES) as Language[]

/** The language that the user chose, on all operations. */
const language = new Store<Language>(NAMES.find((name) => name === localStorage.getItem(KEY)) ?? 'curl')
language.subscribe((name) => localStorage.setItem(KEY, name))

/** The request as a program in each language. */
export function Samples({ request }: { request: ApiRequest }) {
  const current = useStore(language)
  const code = LANGUAGES[current](request)
  return (
    <Tabs
      label="Language"
      names={NAMES}
      current={current}
      choose={(name) => language.set(name)}
      end={<CopyButton text={code} />}
    >
      <Code code={code} label={`The request in ${current}`} />
    </Tabs>
  )
}
