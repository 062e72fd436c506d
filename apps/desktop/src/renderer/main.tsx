import { App } from './app/app.tsx'
import { mount } from './app/mount.tsx'
import { FEATURES } from './features.ts'

mount(window.parley, FEATURES, <App />)
