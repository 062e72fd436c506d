import { mount } from './app/mount.tsx'

mount(window.parley)
