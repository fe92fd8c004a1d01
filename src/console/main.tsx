import { render } from 'preact'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/views.css'
import './styles/delivery.css'
import './styles/balance.css'
import { Frame } from './frame.tsx'
import { watchRoute } from './navigation.ts'
import { applyTheme } from './theme.ts'

applyTheme()
const root = document.getElementById('console')
if (root !== null) render(<Frame current={watchRoute()} />, root)
