import { useIsSlow } from '../bridge/use-read.ts'
import { useTranslate } from '../i18n/use-translate.tsx'
import { BrandMark } from '../ui/brand-mark.tsx'
import styles from './app.module.css'
import { TitleBar } from './title-bar.tsx'

/** Before the cache is open. Usually gone before anybody sees it, so it says nothing at first. */
export function Starting() {
  const t = useTranslate()
  const slow = useIsSlow(true, 600)
  return (
    <div className={styles.bare}>
      <TitleBar />
      <main className={styles.starting} aria-busy="true">
        {slow && (
          <>
            <BrandMark size={36} />
            <p role="status">{t('starting')}</p>
          </>
        )}
      </main>
    </div>
  )
}
