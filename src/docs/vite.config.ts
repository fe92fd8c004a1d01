import { defineConfig } from 'vite'
import { pageConfig } from '../console/vite.config.ts'

export default defineConfig(pageConfig('docs'))
