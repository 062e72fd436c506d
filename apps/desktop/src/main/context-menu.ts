import type { UiLanguage } from '@parley/contracts'
import {
  clipboard,
  Menu,
  type BrowserWindow,
  type ContextMenuParams,
  type MenuItemConstructorOptions,
} from 'electron'

import { ExternalLinks, externalUrl } from './external-links.ts'
import type { Log } from './log.ts'
import { MENU_WORDS } from './menu-words.ts'

export interface ContextMenuOptions {
  platform: NodeJS.Platform
  language(): UiLanguage
  log: Log
}

/** As many as Chromium itself gives. */
const MOST_SUGGESTIONS = 5
/** A word or a name, not a paragraph, stands in a line of a menu. */
const MOST_LOOKED_UP = 30

/** The menu under the right button and the keyboard's menu key: what can be done just there, and nothing else. */
export function offerContextMenu(window: BrowserWindow, options: ContextMenuOptions): void {
  window.webContents.on('context-menu', (_event, params) => {
    const template = inGroups([
      spelling(window, params, options),
      lookUp(window, params, options),
      link(params, options),
      editing(params, options),
    ])
    if (template.length === 0) return
    const { frame, menuSourceType } = params
    Menu.buildFromTemplate(template).popup({
      window,
      sourceType: menuSourceType,
      ...(frame === null ? {} : { frame }),
      // The pointer is elsewhere: it belongs at the caret.
      ...(menuSourceType === 'keyboard' ? { x: params.x, y: params.y } : {}),
    })
  })
}

type Items = MenuItemConstructorOptions[]

function spelling(
  { webContents }: BrowserWindow,
  { misspelledWord, dictionarySuggestions, isEditable }: ContextMenuParams,
  { language }: ContextMenuOptions,
): Items {
  if (!isEditable || misspelledWord === '') return []
  const words = MENU_WORDS[language()]
  const suggestions = dictionarySuggestions.slice(0, MOST_SUGGESTIONS).map((suggestion) => ({
    label: literal(suggestion),
    click: () => webContents.replaceMisspelling(suggestion),
  }))
  return [
    ...(suggestions.length > 0 ? suggestions : [{ label: words.noSuggestions, enabled: false }]),
    {
      label: words.addToDictionary,
      click: () => void webContents.session.addWordToSpellCheckerDictionary(misspelledWord),
    },
  ]
}

function lookUp(
  { webContents }: BrowserWindow,
  { selectionText, formControlType }: ContextMenuParams,
  { platform, language }: ContextMenuOptions,
): Items {
  const selected = selectionText.trim()
  if (platform !== 'darwin' || selected === '' || formControlType === 'input-password') return []
  const shown =
    selected.length > MOST_LOOKED_UP ? `${selected.slice(0, MOST_LOOKED_UP)}…` : selected
  return [
    {
      label: literal(MENU_WORDS[language()].lookUp(shown)),
      click: () => webContents.showDefinitionForSelection(),
    },
  ]
}

function link({ linkURL }: ContextMenuParams, { language, log }: ContextMenuOptions): Items {
  // The page's own are no links to anybody: what they do is done by a click.
  if (externalUrl(linkURL) === null) return []
  const words = MENU_WORDS[language()]
  const copy = (label: string, text: string): Items => [
    { label, click: () => void clipboard.writeText(text) },
  ]
  const { protocol, pathname } = new URL(linkURL)
  if (protocol === 'mailto:') return copy(words.copyEmail, decoded(pathname))
  if (protocol === 'tel:') return copy(words.copyPhone, decoded(pathname))
  return [
    { label: words.openLink, click: () => open(linkURL, log) },
    ...copy(words.copyLink, linkURL),
  ]
}

function editing(
  { isEditable, editFlags, selectionText }: ContextMenuParams,
  { language }: ContextMenuOptions,
): Items {
  const words = MENU_WORDS[language()]
  const copy: Items =
    editFlags.canCopy && selectionText !== '' ? [{ role: 'copy', label: words.copy }] : []
  // Outside of a field "all" would be the window, words and buttons.
  if (!isEditable) return copy
  return [
    ...(editFlags.canCut ? [{ role: 'cut' as const, label: words.cut }] : []),
    ...copy,
    ...(editFlags.canPaste
      ? [
          { role: 'paste' as const, label: words.paste },
          ...(editFlags.canEditRichly
            ? [{ role: 'pasteAndMatchStyle' as const, label: words.pasteAndMatchStyle }]
            : []),
        ]
      : []),
    ...(editFlags.canSelectAll ? [{ role: 'selectAll' as const, label: words.selectAll }] : []),
  ]
}

function inGroups(groups: readonly Items[]): Items {
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index): Items => (index === 0 ? group : [{ type: 'separator' }, ...group]))
}

function open(url: string, log: Log): void {
  // The person chose it in a menu of the system's, where no page can press.
  new ExternalLinks(log)
    .open(url, async () => true)
    .catch((error: unknown) => log.error('the system could not open a link', error))
}

/** In a menu's label an ampersand underlines the next letter. */
const literal = (label: string) => label.replaceAll('&', '&&')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // As it stands it is still what the link says.
    return text
  }
}
