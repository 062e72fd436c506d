import type { CannedResponseView } from '@parley/contracts'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { KeyCaps } from '../../ui/keys.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import text from '../../ui/text.module.css'
import styles from './canned-menu.module.css'

export const cannedOptionId = (id: string) => `canned-${id}`

interface CannedMenuProps {
  responses: readonly CannedResponseView[]
  total: number
  word: string
  chosen: number
  onChoose: (response: CannedResponseView) => void
  onPoint: (index: number) => void
}

/** Saved answers over the composer. The focus stays in the field, which says what is chosen. */
export function CannedMenu({ responses, total, word, chosen, onChoose, onPoint }: CannedMenuProps) {
  const t = useTranslate()
  const { teams } = useDirectory()
  return (
    <div className={styles.menu}>
      <div className={styles.top}>
        {t('canned.title')}
        <span className={text.grow} />
        <span className={text.digits}>{t('canned.count', { shown: responses.length, total })}</span>
      </div>
      {responses.length === 0 ? (
        <p className={styles.none}>{t(total === 0 ? 'canned.none' : 'canned.noMatch')}</p>
      ) : (
        <div
          role="listbox"
          id="canned-responses"
          aria-label={t('canned.title')}
          className={styles.list}
        >
          {responses.map((response, index) => (
            <div
              key={response.id}
              id={cannedOptionId(response.id)}
              role="option"
              aria-selected={index === chosen}
              className={styles.item}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => index !== chosen && onPoint(index)}
              onClick={() => onChoose(response)}
            >
              <span className={classNames(styles.shortcut, text.cut)}>
                /
                <MarkedText
                  text={response.shortcut.replace(/^\//, '')}
                  wanted={word}
                  className={styles.match}
                />
              </span>
              <span className={index === chosen ? styles.full : classNames(styles.words, text.cut)}>
                {response.content}
              </span>
              <span className={text.meta}>
                {response.teamId === null
                  ? t('canned.everybody')
                  : (teams.get(response.teamId)?.name ?? '')}
              </span>
            </div>
          ))}
        </div>
      )}
      <div className={styles.bottom} aria-hidden="true">
        <span>
          <KeyCaps labels={['↑', '↓']} /> {t('keys.choose')}
        </span>
        <span>
          <KeyCaps labels={['⏎']} /> {t('keys.insert')}
        </span>
        <span>
          <KeyCaps labels={['Esc']} /> {t('keys.close')}
        </span>
      </div>
    </div>
  )
}
