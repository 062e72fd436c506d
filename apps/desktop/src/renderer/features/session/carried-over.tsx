import type { CarriedOver } from '@parley/contracts'
import { Info } from 'lucide-react'

import { useViewState } from '../../app/view-state.ts'
import { useSession } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './session.module.css'

/** What is saved here was begun anew: said until the person has looked at what came along and what did not. */
export function CarriedOverStrip() {
  const t = useTranslate()
  const carriedOver = useCarriedOver()
  const openDialog = useViewState((state) => state.openDialog)
  if (carriedOver === null) return null
  return (
    <section className={styles.strip} role="status" data-carried-over={carriedOver.because}>
      <Icon of={Info} />
      <p className={classNames(text.grow, text.cut)}>
        <strong>{t(`carriedOver.${carriedOver.because}`)}</strong>
      </p>
      <Button look="line" size="small" onClick={() => openDialog({ kind: 'carried_over' })}>
        {t('carriedOver.see')}
      </Button>
    </section>
  )
}

export function useCarriedOver(): CarriedOver | null {
  const session = useSession()
  return session?.state === 'signed_in' ? session.carriedOver : null
}
