import { TriangleAlert } from 'lucide-react'
import { Component, type ErrorInfo, type ReactNode } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import styles from './app.module.css'

/** A bug in drawing takes down one screen, not the person's words: drafts are in the engine already. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    // oxlint-disable-next-line no-console -- the one place where a bug in drawing is logged
    console.error('drawing failed', error, info.componentStack)
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return <Failed onRetry={() => this.setState({ failed: false })} />
  }
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const t = useTranslate()
  return (
    <main className={styles.failed} role="alert">
      <Blank
        icon={TriangleAlert}
        title={t('failed.drawing')}
        actions={
          <Button look="primary" onClick={onRetry}>
            {t('action.retry')}
          </Button>
        }
      >
        {t('failed.drawingSafe')}
      </Blank>
    </main>
  )
}
