import type { ApiRequest } from '../try/api-request.ts'
import { curlSample } from './curl.ts'
import { goSample } from './go.ts'
import { javaSample } from './java.ts'
import { pythonSample } from './python.ts'
import { typescriptSample } from './typescript.ts'

/** The languages that requests are shown in, with a function that writes a complete program. */
export const LANGUAGES = {
  curl: curlSample,
  TypeScript: typescriptSample,
  Python: pythonSample,
  Go: goSample,
  Java: javaSample
} as const satisfies Record<string, (request: ApiRequest) => string>

export type Language = keyof typeof LANGUAGES
