import { render } from 'preact'
import '../console/styles/base.css'
import '../console/styles/frame.css'
import '../console/styles/parts.css'
import './styles/page.css'
import './styles/operation.css'
import './styles/try.css'
import { applyTheme } from '../console/theme.ts'
import { Page } from './views/page.tsx'

applyTheme()
const root = document.getElementById('docs')
if (root !== null) render(<Page />, root)
