import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** How the pages are built: each from its folder in src into its folder in dist. The server sends these files unchanged. */
export const pageConfig = (name: string) => ({
  root: here(`../${name}`),
  // Relative, so that the console also works behind a proxy that serves it under a path of its own.
  base: './',
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  logLevel: 'warn' as const,
  build: {
    outDir: here(`../../dist/${name}`),
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17'],
    // Inlined assets would be data: URLs, which the Content-Security-Policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of preact and uPlot must accompany every copy, and the bundle has no comments.
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false
  }
})

export default defineConfig(pageConfig('console'))
