import type { UiLanguage } from '@parley/contracts'

import { APP_ORIGIN } from './app-identity.ts'

/**
 * What stands in the window when the page could not be shown twice in a row. Static and without anything of the
 * renderer, which is what failed. The engine runs on: the words say what is safe.
 */
interface Words {
  title: string
  safe: string
  again: string
  close: string
}

const WORDS: Readonly<Record<UiLanguage, Words>> = {
  es: {
    title: 'La ventana dejó de responder.',
    safe: 'Lo que escribiste y lo que espera envío está guardado en esta computadora.',
    again: 'Abrir de nuevo',
    close: 'Cerrar Parley',
  },
  en: {
    title: 'The window stopped responding.',
    safe: 'What you wrote and what waits to be sent is kept on this computer.',
    again: 'Open again',
    close: 'Close Parley',
  },
}

const page = (language: UiLanguage): string => {
  const { title, safe, again, close } = WORDS[language]
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>Parley</title>
<link rel="stylesheet" href="/window-failed.css">
<script type="module" src="/window-failed.js"></script>
</head>
<body>
<main role="alert">
<h1>${title}</h1>
<p>${safe}</p>
<p><a href="/index.html">${again}</a> <button id="close" type="button">${close}</button></p>
</main>
</body>
</html>
`
}

const STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 0; height: 100vh; display: grid; place-items: center; -webkit-app-region: drag; }
main { max-width: 30rem; padding: 2rem; }
h1 { font-size: 1.25rem; }
a, button { -webkit-app-region: no-drag; font: inherit; }
button { margin-left: 1rem; }
`

/** The window has no frame of the system's own to close it by. */
const SCRIPT = `document.getElementById('close').addEventListener('click', () => {
  void window.parley.call('window.close', undefined)
})
`

/** By their path under the app's origin. */
export const FAILURE_PAGE_FILES: Readonly<Record<string, string>> = {
  'window-failed-es.html': page('es'),
  'window-failed-en.html': page('en'),
  'window-failed.css': STYLE,
  'window-failed.js': SCRIPT,
}

export function failurePageUrl(language: UiLanguage): string {
  return `${APP_ORIGIN}/window-failed-${language}.html`
}
